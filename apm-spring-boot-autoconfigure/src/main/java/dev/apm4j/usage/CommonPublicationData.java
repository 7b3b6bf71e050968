package dev.apm4j.usage;

/**
 * Who publishes, and what: the first part of every publication.
 *
 * @param apiKey the workspace's key; a secret
 * @param appName name of the application
 * @param appVersion its version
 * @param environment its environment
 * @param hostname name of the host
 * @param jvmStartedAtMillis when the process started
 * @param jvmUuid identifies the publisher while it lives
 */
record CommonPublicationData(String apiKey, String appName, String appVersion, String environment, String hostname,
		long jvmStartedAtMillis, String jvmUuid) {

	/** Widths of the collector's columns, in characters. */
	private static final int NAME = 255;

	private static final int VERSION = 80;

	/**
	 * Takes the settings as the collector accepts them: what is longer than its columns
	 * is cut, what must not be empty gets the text that Scavenger's agents have for it.
	 * @param settings the settings
	 * @param jvmStartedAtMillis when the process started
	 * @param jvmUuid identifies the publisher
	 * @return the data
	 */
	static CommonPublicationData of(CollectorSettings settings, long jvmStartedAtMillis, String jvmUuid) {
		return new CommonPublicationData(settings.apiKey(), text(settings.appName(), "unspecified", NAME),
				text(settings.appVersion(), "unspecified", VERSION), text(settings.environment(), "<default>", NAME),
				text(settings.hostname(), "-unknown-", NAME), jvmStartedAtMillis, jvmUuid);
	}

	private static String text(String value, String fallback, int width) {
		String text = value.isBlank() ? fallback : value.strip();
		return text.substring(0, text.offsetByCodePoints(0, Math.min(width, text.codePointCount(0, text.length()))));
	}

	/** Nothing of it: there is a secret among the values. */
	@Override
	public String toString() {
		return "CommonPublicationData";
	}

}
