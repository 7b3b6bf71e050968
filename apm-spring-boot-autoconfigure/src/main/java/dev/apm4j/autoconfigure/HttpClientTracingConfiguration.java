package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.http.AlreadyTraced;
import dev.apm4j.instrument.http.HttpClientTracing;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;

/**
 * What the hooks of all HTTP clients share. Everything is looked up at the first call:
 * clients may be created before anything else.
 */
@Configuration(proxyBeanMethods = false)
class HttpClientTracingConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static HttpClientTracing httpClientTracing(ObjectProvider<ApmTracer> tracer,
			ObjectProvider<ApmPropagator> propagator, ObjectProvider<ObservationRegistry> observations) {
		return new HttpClientTracing(tracer::getObject, propagator::getObject, () -> carriedBy(propagator.getObject()),
				() -> observations.getIfAvailable(() -> ObservationRegistry.NOOP));
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ObservedCalls observedCalls(ConfigurableListableBeanFactory beans, Environment environment) {
		return new ObservedCalls(beans, environment);
	}

	private static AlreadyTraced carriedBy(ApmPropagator propagator) {
		return (exit, headers) -> propagator.carries(exit, headers, HttpHeaders::getFirst);
	}

}
