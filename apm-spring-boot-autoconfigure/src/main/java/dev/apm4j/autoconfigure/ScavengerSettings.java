package dev.apm4j.autoconfigure;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import dev.apm4j.usage.CollectorSettings;
import dev.apm4j.usage.ScanSettings;
import dev.apm4j.usage.UsageSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Checks the properties of the search for dead code and makes its settings of them. What
 * it says of a wrong value contains no secret.
 */
final class ScavengerSettings {

	private static final String PREFIX = "apm.scavenger.";

	private static final int MAX_METHODS = 1_000_000;

	private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

	private static final DataSize MIN_MESSAGE = DataSize.ofKilobytes(16);

	private static final DataSize MAX_MESSAGE = DataSize.ofGigabytes(1);

	private final ApmScavengerProperties properties;

	ScavengerSettings(ApmScavengerProperties properties) {
		this.properties = properties;
	}

	/**
	 * What counts.
	 * @param defaultPackages the packages if none are set
	 */
	ScanSettings scan(List<String> defaultPackages) {
		List<String> packages = this.properties.packages().isEmpty() ? defaultPackages : this.properties.packages();
		packages = packages.stream().map(String::strip).filter((name) -> !name.isEmpty()).toList();
		if (packages.isEmpty()) {
			throw ApmConfigurationException.secret(PREFIX + "packages",
					"there, and the application's main class is in no package: the packages of the application, such as "
							+ "com.example.shop");
		}
		int maxMethods = this.properties.maxMethods();
		if (maxMethods < 1 || maxMethods > MAX_METHODS) {
			throw new ApmConfigurationException(PREFIX + "max-methods", maxMethods,
					"a whole number from 1 to " + MAX_METHODS);
		}
		return new ScanSettings(this.properties.codeBase().stream().map((text) -> path("code-base", text)).toList(),
				packages, this.properties.excludePackages(), this.properties.additionalPackages(),
				this.properties.annotations(), patterns("exclude-by-regex", this.properties.excludeByRegex()),
				patterns("additional-by-regex", this.properties.additionalByRegex()),
				this.properties.methodVisibility(), this.properties.excludeConstructors(),
				this.properties.excludeGetterSetter(), maxMethods);
	}

	private static List<String> patterns(String property, List<String> patterns) {
		for (String pattern : patterns) {
			try {
				Pattern.compile(pattern);
			}
			catch (PatternSyntaxException ex) {
				throw new ApmConfigurationException(PREFIX + property, pattern, "a regular expression of Java");
			}
		}
		return patterns;
	}

	private static Path path(String property, String text) {
		try {
			return Path.of(text.strip());
		}
		catch (InvalidPathException ex) {
			throw new ApmConfigurationException(PREFIX + property, text, "the path of a file or directory");
		}
	}

	private static @Nullable Path optionalPath(String property, @Nullable String text) {
		return StringUtils.hasText(text) ? path(property, text) : null;
	}

	/** What is done with the calls. */
	UsageSettings usage(Environment environment) {
		return new UsageSettings(atLeast("interval", this.properties.interval()),
				optionalPath("file", this.properties.file()), optionalPath("report", this.properties.report()),
				StringUtils.hasText(this.properties.serverUrl())
						? collector(this.properties.serverUrl().strip(), environment) : null);
	}

	private CollectorSettings collector(String serverUrl, Environment environment) {
		URI url = url(serverUrl);
		String apiKey = this.properties.apiKey();
		if (!StringUtils.hasText(apiKey)) {
			throw ApmConfigurationException.secret(PREFIX + "api-key",
					"there, while apm.scavenger.server-url is: the key of the workspace");
		}
		DataSize size = this.properties.maxMessageSize();
		if (size.compareTo(MIN_MESSAGE) < 0 || size.compareTo(MAX_MESSAGE) > 0) {
			throw new ApmConfigurationException(PREFIX + "max-message-size", size, "a size from 16KB to 1GB");
		}
		Duration force = this.properties.forceInterval();
		return new CollectorSettings(url, apiKey.strip(), name(environment),
				text("app-version", this.properties.appVersion()), text("environment", this.properties.environment()),
				hostname(), timeout("connect-timeout", this.properties.connectTimeout()),
				timeout("read-timeout", this.properties.readTimeout()),
				(force != null) ? atLeast("force-interval", force) : null, this.properties.legacyCompatibility(),
				(int) Math.min(Integer.MAX_VALUE, size.toBytes()));
	}

	private static URI url(String text) {
		try {
			URI url = new URI(text);
			String scheme = url.getScheme();
			if (url.getHost() != null && url.getUserInfo() == null && url.getRawQuery() == null
					&& url.getRawFragment() == null && url.getPort() != 0 && url.getPort() <= 0xFFFF
					&& ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
				return url;
			}
		}
		catch (URISyntaxException ex) {
			// Said below.
		}
		// Whoever writes a URL may have written a password or the key into it.
		throw new ApmConfigurationException(PREFIX + "server-url",
				(text.contains("@") || text.contains("?")) ? "***" : text,
				"an http or https URL without user, query and fragment, such as http://scavenger.example:8080");
	}

	private String name(Environment environment) {
		for (String name : new String[] { this.properties.appName(), environment.getProperty("apm.service-name"),
				environment.getProperty("spring.application.name") }) {
			if (StringUtils.hasText(name)) {
				return name.strip();
			}
		}
		return "application";
	}

	private static String text(String property, String value) {
		if (!StringUtils.hasText(value)) {
			throw new ApmConfigurationException(PREFIX + property, value, "a text");
		}
		return value.strip();
	}

	private String hostname() {
		if (StringUtils.hasText(this.properties.hostname())) {
			return this.properties.hostname().strip();
		}
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "-unknown-";
		}
	}

	private static Duration atLeast(String property, Duration value) {
		if (value.compareTo(SHORTEST_INTERVAL) < 0) {
			throw new ApmConfigurationException(PREFIX + property, value, "a duration of 1s or more");
		}
		return value;
	}

	private static Duration timeout(String property, Duration value) {
		if (value.compareTo(Duration.ofMillis(100)) < 0 || value.compareTo(Duration.ofMinutes(5)) > 0) {
			throw new ApmConfigurationException(PREFIX + property, value, "a duration from 100ms to 5m");
		}
		return value;
	}

}
