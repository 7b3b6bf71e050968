package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.logging.MdcScopeListener;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The ids of the current span in the logging context. Comes before the tracer, which is
 * built with its listeners.
 */
@AutoConfiguration(before = ApmTracingAutoConfiguration.class)
@ConditionalOnClass(MDC.class)
@ConditionalOnBooleanProperty(name = "apm.enabled", matchIfMissing = true)
@ConditionalOnInstrumentation("logging")
public final class LoggingInstrumentationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MdcScopeListener apmMdcScopeListener(ApmProperties properties) {
		return new MdcScopeListener(properties.baggage().correlationFields());
	}

}
