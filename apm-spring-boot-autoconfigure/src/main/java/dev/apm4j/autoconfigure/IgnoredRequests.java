package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * The requests that {@code apm.web.ignore-*} leaves out, whatever kind of server they
 * arrive at. Thread-safe.
 */
final class IgnoredRequests {

	static final List<String> DEFAULT_PATHS = List.of("/favicon.ico", "/robots.txt", "/webjars/**", "/livez",
			"/readyz");

	static final List<String> DEFAULT_EXTENSIONS = List.of("css", "js", "mjs", "map", "png", "jpg", "jpeg", "gif",
			"svg", "ico", "webp", "avif", "woff", "woff2", "ttf", "otf", "eot");

	private final IgnoredPaths paths;

	/** Those of the paths that stay when a server brings others. */
	private final IgnoredPaths defaultPaths;

	private final RemoteIgnoreRules remote;

	private final Set<String> extensions;

	private final Set<String> methods;

	private final Supplier<List<String>> endpointPaths;

	/** Known only once the application has started, therefore made by a request. */
	private volatile @Nullable IgnoredPaths endpoints;

	/**
	 * Reads the rules.
	 * @param properties the rules
	 * @param dashboard whether the dashboard is on
	 * @param endpointPaths patterns of the actuator's paths; asked once, by a request
	 * @param remote what a server says at run time
	 * @throws InvalidConfigurationPropertyValueException if a rule is wrong
	 */
	IgnoredRequests(ApmWebProperties properties, boolean dashboard, Supplier<List<String>> endpointPaths,
			RemoteIgnoreRules remote) {
		List<String> patterns = new ArrayList<>(properties.ignorePaths());
		patterns.forEach(IgnoredRequests::validatePath);
		List<String> defaults = new ArrayList<>();
		this.extensions = extensions(properties.ignoreExtensions());
		this.methods = methods(properties.ignoreMethods());
		if (properties.ignoreDefaults()) {
			defaults.addAll(DEFAULT_PATHS);
			if (dashboard) {
				defaults.add("/apm/**");
			}
			this.extensions.addAll(DEFAULT_EXTENSIONS);
			this.endpointPaths = endpointPaths;
		}
		else {
			this.endpointPaths = List::of;
		}
		patterns.addAll(defaults);
		this.paths = new IgnoredPaths(patterns);
		this.defaultPaths = new IgnoredPaths(defaults);
		this.remote = remote;
	}

	static IgnoredRequests of(ApmWebProperties properties, Environment environment,
			@Nullable Supplier<List<String>> endpointPaths, @Nullable RemoteIgnoreRules remote) {
		boolean dashboard = environment.getProperty("apm.dashboard.enabled", Boolean.class, Boolean.TRUE);
		return new IgnoredRequests(properties, dashboard, (endpointPaths != null) ? endpointPaths : List::of,
				(remote != null) ? remote : new RemoteIgnoreRules());
	}

	private static void validatePath(String pattern) {
		try {
			new IgnoredPaths(List.of(pattern));
		}
		catch (PatternParseException ex) {
			throw invalid("ignore-paths", pattern, "The pattern can't be parsed: " + ex.getMessage());
		}
		if (pattern.isBlank()) {
			throw invalid("ignore-paths", pattern, "A pattern such as /internal/** is needed.");
		}
	}

	private static Set<String> extensions(List<String> configured) {
		Set<String> extensions = new HashSet<>();
		for (String extension : configured) {
			String name = extension.startsWith(".") ? extension.substring(1) : extension;
			if (name.isEmpty() || !name.chars().allMatch((c) -> Character.isLetterOrDigit(c) || c == '-' || c == '_')) {
				throw invalid("ignore-extensions", extension,
						"An extension consists of letters, digits, '-' and '_', such as pdf.");
			}
			extensions.add(name.toLowerCase(Locale.ROOT));
		}
		return extensions;
	}

	private static Set<String> methods(List<String> configured) {
		Set<String> methods = new HashSet<>();
		for (String method : configured) {
			if (method.isEmpty() || !method.chars().allMatch((c) -> Character.isLetter(c) || c == '-')) {
				throw invalid("ignore-methods", method, "A method consists of letters, such as OPTIONS.");
			}
			methods.add(method.toUpperCase(Locale.ROOT));
		}
		return methods;
	}

	private static InvalidConfigurationPropertyValueException invalid(String name, String value, String reason) {
		return new InvalidConfigurationPropertyValueException("apm.web." + name, value, reason);
	}

	/**
	 * Whether a request is left out.
	 * @param method its method
	 * @param path its decoded path below the context path
	 * @return whether it is left out
	 */
	boolean matches(String method, String path) {
		return this.methods.contains(method) || isIgnored(method, path) || endpoints().test(path)
				|| isStatic(method, path);
	}

	private boolean isIgnored(String method, String path) {
		return this.remote.hasPaths() ? this.defaultPaths.test(path) || this.remote.matches(method, path)
				: this.paths.test(path);
	}

	private IgnoredPaths endpoints() {
		IgnoredPaths known = this.endpoints;
		if (known == null) {
			known = new IgnoredPaths(this.endpointPaths.get());
			this.endpoints = known;
		}
		return known;
	}

	private boolean isStatic(String method, String path) {
		int dot = path.lastIndexOf('.');
		Set<String> others = this.remote.extensions();
		Set<String> inForce = (others != null) ? others : this.extensions;
		return dot > path.lastIndexOf('/') && ("GET".equals(method) || "HEAD".equals(method))
				&& inForce.contains(path.substring(dot + 1).toLowerCase(Locale.ROOT));
	}

}
