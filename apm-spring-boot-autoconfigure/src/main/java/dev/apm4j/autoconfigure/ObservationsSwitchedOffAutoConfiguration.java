package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.observation.ApmObservationHandler;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Keeps the place of the tracing handler when Observations are switched off: Spring
 * Boot's own handlers are there as soon as there is a tracer, would make spans with ours,
 * and have to be there for nobody else, as the handler of the meters wants the state that
 * a tracing handler leaves.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "apm.instrumentation.observation.enabled", havingValue = false)
@ConditionalOnBean({ ApmTracer.class, ApmPropagator.class })
public final class ObservationsSwitchedOffAutoConfiguration {

	/** The first of Spring Boot's handlers has 1000; a user's own may come before it. */
	private static final int BEFORE_SPRING_BOOT = 999;

	@Bean
	@ConditionalOnMissingBean
	@Order(BEFORE_SPRING_BOOT)
	ApmObservationHandler apmObservationHandler(ApmTracer tracer, ApmPropagator propagator, Environment environment) {
		return new ApmObservationHandler(tracer, propagator, ObservationRules.switchedOff(environment));
	}

}
