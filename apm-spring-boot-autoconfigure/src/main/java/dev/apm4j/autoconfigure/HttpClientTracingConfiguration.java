package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.http.AlreadyTraced;
import dev.apm4j.instrument.http.HttpClientTracing;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/**
 * What the hooks of all HTTP clients share. Everything is looked up at the first call:
 * clients may be created before anything else.
 */
@Configuration(proxyBeanMethods = false)
class HttpClientTracingConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static HttpClientTracing httpClientTracing(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator,
			ObjectProvider<AlreadyTraced> alreadyTraced, ObjectProvider<ObservationRegistry> observations) {
		return new HttpClientTracing(tracer::getObject, () -> propagator.getIfAvailable(() -> Propagator.NOOP),
				() -> alreadyTraced
					.getIfAvailable(() -> AlreadyTraced.over(propagator.getIfAvailable(() -> Propagator.NOOP))),
				() -> observations.getIfAvailable(() -> ObservationRegistry.NOOP));
	}

}
