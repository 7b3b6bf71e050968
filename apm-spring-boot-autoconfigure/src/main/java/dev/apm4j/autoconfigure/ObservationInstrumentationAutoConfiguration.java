package dev.apm4j.autoconfigure;

import dev.apm4j.autoconfigure.EndpointPathsConfiguration.EndpointPaths;
import dev.apm4j.instrument.observation.ApmObservationHandler;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

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
	ApmObservationHandler apmObservationHandler(ApmTracer tracer, ApmPropagator propagator, ApmProperties properties,
			ObjectProvider<IgnoredRequests> ignoredRequests, Environment environment) {
		IgnoredRequests ignored = ignoredRequests.getIfAvailable();
		return new ApmObservationHandler(tracer, propagator, new ObservationRules(properties.observation().ignore(),
				environment, (ignored != null) ? ignored::matches : (method, path) -> false));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@EnableConfigurationProperties(ApmWebProperties.class)
	@Import(EndpointPathsConfiguration.class)
	static class ReactiveConfiguration {

		@Bean
		@ConditionalOnMissingBean
		IgnoredRequests apmIgnoredRequests(ApmWebProperties properties, Environment environment,
				ObjectProvider<EndpointPaths> endpointPaths, ObjectProvider<RemoteIgnoreRules> remote) {
			return IgnoredRequests.of(properties, environment, endpointPaths.getIfAvailable(), remote.getIfAvailable());
		}

	}

}
