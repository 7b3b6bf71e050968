package dev.apm4j.usage;

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The Scavenger collector, and who this process is to it.
 *
 * @param serverUrl its URL
 * @param apiKey the workspace's key; a secret
 * @param appName name of the application
 * @param appVersion its version
 * @param environment its environment
 * @param hostname name of this host
 * @param connectTimeout how long connecting may take
 * @param readTimeout how long an answer may take
 * @param forceInterval in place of all intervals that the collector sets, or {@code null}
 * @param legacyCompatibility whether signatures are those of the agent before Scavenger's
 * @param maxMessageBytes the largest message that the collector takes
 */
public record CollectorSettings(URI serverUrl, String apiKey, String appName, String appVersion, String environment,
		String hostname, Duration connectTimeout, Duration readTimeout, @Nullable Duration forceInterval,
		boolean legacyCompatibility, int maxMessageBytes) {

	/** Nothing of it: there is a secret among the values. */
	@Override
	public String toString() {
		return "CollectorSettings";
	}

}
