package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.apm4j.usage.Visibility;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Finding dead code, with a Scavenger collector or without one.
 *
 * @param enabled whether calls of the application's methods are recorded
 * @param packages packages whose classes count, with those below; by default
 * apm.application-packages, else that of the main class
 * @param excludePackages packages of them that don't count
 * @param additionalPackages packages whose classes count without the annotations
 * @param annotations annotations, by their full names; if there are any, only classes
 * that bear one count
 * @param excludeByRegex patterns for signatures that don't count
 * @param additionalByRegex patterns for signatures that count without the annotations
 * @param methodVisibility the least visible methods that count: public, protected,
 * package-private or private
 * @param excludeConstructors whether constructors don't count
 * @param excludeGetterSetter whether getters and setters don't count
 * @param codeBase directories, jars and wars to scan; by default those that the
 * application's classes come from
 * @param maxMethods how many methods may count, 1 to 1000000
 * @param interval how often is looked which methods were called, 1s or more
 * @param file file that keeps first and last calls over restarts; none by default
 * @param report file that takes the report of dead code as text when the application
 * ends; none by default
 * @param serverUrl URL of the collector; none by default
 * @param apiKey key of the workspace there; never shown
 * @param appName name of the application there; by default that of the service
 * @param appVersion version of the application there
 * @param environment environment of the application there
 * @param hostname name of this host there; by default its own
 * @param connectTimeout how long connecting to the collector may take, 100ms to 5m
 * @param readTimeout how long its answer may take, 100ms to 5m
 * @param forceInterval in place of all intervals that the collector sets, 1s or more
 * @param legacyCompatibility whether signatures are those of the agent before Scavenger's
 * @param maxMessageSize the largest message that the collector takes, 16KB to 1GB
 */
@ConfigurationProperties("apm.scavenger")
public record ApmScavengerProperties(@DefaultValue("false") boolean enabled, @DefaultValue List<String> packages,
		@DefaultValue List<String> excludePackages, @DefaultValue List<String> additionalPackages,
		@DefaultValue List<String> annotations, @DefaultValue List<String> excludeByRegex,
		@DefaultValue List<String> additionalByRegex, @DefaultValue("private") Visibility methodVisibility,
		@DefaultValue("false") boolean excludeConstructors, @DefaultValue("false") boolean excludeGetterSetter,
		@DefaultValue List<String> codeBase, @DefaultValue("100000") int maxMethods,
		@DefaultValue("10s") Duration interval, @Nullable String file, @Nullable String report,
		@Nullable String serverUrl, @Nullable String apiKey, @Nullable String appName,
		@DefaultValue("unspecified") String appVersion, @DefaultValue("<default>") String environment,
		@Nullable String hostname, @DefaultValue("10s") Duration connectTimeout,
		@DefaultValue("10s") Duration readTimeout, @Nullable Duration forceInterval,
		@DefaultValue("false") boolean legacyCompatibility, @DefaultValue("10MB") DataSize maxMessageSize) {

	/** Nothing of it: there is a secret among the values. */
	@Override
	public String toString() {
		return "ApmScavengerProperties";
	}

}
