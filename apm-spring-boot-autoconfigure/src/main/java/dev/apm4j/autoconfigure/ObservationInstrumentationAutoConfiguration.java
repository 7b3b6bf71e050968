package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.observation.ApmObservationHandler;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.PatternMatchUtils;

/**
 * Micrometer Observations as spans.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnInstrumentation("observation")
@ConditionalOnBean({ ApmTracer.class, ApmPropagator.class })
public final class ObservationInstrumentationAutoConfiguration {

	// First of all tracing handlers: of those only the first that supports a context is
	// asked, and handlers of a tracing module beside this one must not be.
	@Bean
	@ConditionalOnMissingBean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ApmObservationHandler apmObservationHandler(ApmTracer tracer, ApmPropagator propagator, ApmProperties properties) {
		String[] ignored = properties.observation().ignore().toArray(String[]::new);
		return new ApmObservationHandler(tracer, propagator, (name) -> PatternMatchUtils.simpleMatch(ignored, name));
	}

}
