package dev.apm4j.usage;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A key of {@code scavenger.conf}. Source: Scavenger's Java agent 1.1.3, and its Python
 * agent 0.1.2 where that has another name for the same.
 */
enum ScavengerKey {

	ENABLED("enabled", Type.BOOLEAN, "enabled"),

	APP_NAME("app-name", Type.TEXT, "appName"),

	APP_VERSION("app-version", Type.TEXT, "appVersion"),

	ENVIRONMENT("environment", Type.TEXT, "environment"),

	HOSTNAME("hostname", Type.TEXT, "hostname"),

	API_KEY("api-key", Type.TEXT, "apiKey", "licenseKey"),

	SERVER_URL("server-url", Type.URL, "serverUrl"),

	CODE_BASE("code-base", Type.PATHS, "codeBase"),

	PACKAGES("packages", Type.NAMES, "packages"),

	EXCLUDE_PACKAGES("exclude-packages", Type.NAMES, "excludePackages"),

	ADDITIONAL_PACKAGES("additional-packages", Type.NAMES, "additionalPackages"),

	ANNOTATIONS("annotations", Type.NAMES, "annotations"),

	EXCLUDE_BY_REGEX("exclude-by-regex", Type.PATTERNS, "excludeByRegex"),

	ADDITIONAL_BY_REGEX("additional-by-regex", Type.PATTERNS, "additionalByRegex"),

	METHOD_VISIBILITY("method-visibility", Type.VISIBILITY, "methodVisibility"),

	EXCLUDE_CONSTRUCTORS("exclude-constructors", Type.BOOLEAN, "excludeConstructors", "excludeInit"),

	EXCLUDE_GETTER_SETTER("exclude-getter-setter", Type.BOOLEAN, "excludeGetterSetter"),

	MAX_METHODS("max-methods", Type.COUNT, "maxMethodsCount"),

	CONNECT_TIMEOUT("connect-timeout", Type.SECONDS, "httpConnectTimeoutSeconds"),

	READ_TIMEOUT("read-timeout", Type.SECONDS, "httpReadTimeoutSeconds"),

	FORCE_INTERVAL("force-interval", Type.SECONDS_OR_OFF, "forceIntervalSeconds"),

	LEGACY_COMPATIBILITY("legacy-compatibility", Type.BOOLEAN, "legacyCompatibilityMode"),

	MAX_MESSAGE_SIZE("max-message-size", Type.SIZE, "max-message-size", "maxMessageSize"),

	/** What the agents need and apm4j has no use for. */
	WITHOUT_EFFECT(null, Type.TEXT, "httpWriteTimeoutSeconds", "schedulerInitialDelayMillis", "schedulerIntervalMillis",
			"schedulerInitialDelaySeconds", "schedulerIntervalSeconds", "asyncCodeBaseScanMode", "debugMode",
			"decorators");

	private final @Nullable String property;

	private final Type type;

	private final List<String> names;

	ScavengerKey(@Nullable String property, Type type, String... names) {
		this.property = property;
		this.type = type;
		this.names = List.of(names);
	}

	/**
	 * The key of a name.
	 * @param name in camelCase, snake_case or kebab-case, in whatever case
	 * @return the key, {@code null} if there is none
	 */
	static @Nullable ScavengerKey of(String name) {
		for (ScavengerKey key : values()) {
			if (key.names.stream().anyMatch((known) -> canonical(known).equals(canonical(name)))) {
				return key;
			}
		}
		return null;
	}

	/**
	 * What all ways to write a name have in common.
	 * @param name such as {@code appName} or {@code app_name}
	 * @return such as {@code appname}
	 */
	static String canonical(String name) {
		return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * The environment variable of a name.
	 * @param name in camelCase or kebab-case
	 * @return such as {@code SCAVENGER_APP_NAME}
	 */
	static String variable(String name) {
		return "SCAVENGER_" + name.replaceAll("([a-z])([A-Z])", "$1_$2").replace('-', '_').toUpperCase(Locale.ROOT);
	}

	boolean hasEffect() {
		return this.property != null;
	}

	/**
	 * The property of the same meaning.
	 * @return such as {@code apm.scavenger.app-name}
	 */
	String property() {
		return "apm.scavenger." + Objects.requireNonNull(this.property);
	}

	Type type() {
		return this.type;
	}

	/** Its names, the one that counts first, in camelCase. */
	List<String> names() {
		return this.names;
	}

	/** What a value is. */
	enum Type {

		TEXT, BOOLEAN, URL, PATHS, NAMES, PATTERNS, VISIBILITY, COUNT, SECONDS, SECONDS_OR_OFF, SIZE

	}

}
