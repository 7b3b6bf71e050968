package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.function.Supplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The paths of the actuator, if there is one. Endpoints must not be made as early as a
 * filter is, therefore they are asked for later.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(PathMappedEndpoints.class)
class EndpointPathsConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EndpointPaths apmEndpointPaths(ObjectProvider<PathMappedEndpoints> endpoints, Environment environment) {
		return new ActuatorEndpointPaths(endpoints, environment);
	}

	/**
	 * Patterns of paths that belong to management endpoints.
	 */
	interface EndpointPaths extends Supplier<List<String>> {

	}

}
