package dev.apm4j.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says in two lines which property is wrong and what to write instead.
 */
class ApmConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<ApmConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ApmConfigurationException cause) {
		return new FailureAnalysis("Wrong configuration: " + cause.getMessage(), cause.action(), cause);
	}

}
