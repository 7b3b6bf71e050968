package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.core.env.Environment;

/**
 * The actuator's paths on the application's own port: all below its base path or, without
 * a base path, those of each endpoint; and the additional paths of health probes. On
 * another port the actuator has a web server of its own, to which the filter does not
 * belong.
 */
final class ActuatorEndpointPaths implements EndpointPathsConfiguration.EndpointPaths {

	private final ObjectProvider<PathMappedEndpoints> endpoints;

	private final Environment environment;

	ActuatorEndpointPaths(ObjectProvider<PathMappedEndpoints> endpoints, Environment environment) {
		this.endpoints = endpoints;
		this.environment = environment;
	}

	@Override
	public List<String> get() {
		PathMappedEndpoints mapped = this.endpoints.getIfAvailable();
		List<String> patterns = new ArrayList<>();
		if (mapped != null) {
			if (ManagementPortType.get(this.environment) == ManagementPortType.SAME) {
				addPaths(mapped, patterns);
			}
			for (PathMappedEndpoint endpoint : mapped) {
				for (String path : endpoint.getAdditionalPaths(WebServerNamespace.SERVER)) {
					add(path, patterns);
				}
			}
		}
		return patterns;
	}

	private void addPaths(PathMappedEndpoints mapped, List<String> patterns) {
		if (!mapped.getBasePath().isEmpty()) {
			add(mapped.getBasePath(), patterns);
			return;
		}
		for (String path : mapped.getAllPaths()) {
			add(path, patterns);
		}
	}

	private void add(String path, List<String> patterns) {
		String servletPath = this.environment.getProperty("spring.mvc.servlet.path", "");
		String prefix = servletPath.endsWith("/") ? servletPath.substring(0, servletPath.length() - 1) : servletPath;
		patterns.add(prefix + (path.startsWith("/") ? path : "/" + path) + "/**");
	}

}
