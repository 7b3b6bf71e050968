package dev.apm4j.usage;

/**
 * The messages of Scavenger's {@code GrpcAgentService}, field by field. Source: its
 * protocol as of 1.1.3, unchanged since 1.0.3.
 */
final class ScavengerMessages {

	/** Field of the entries in both publications. */
	static final int ENTRY = 2;

	private ScavengerMessages() {
	}

	static ProtobufWriter getConfigRequest(String apiKey, String jvmUuid) {
		return new ProtobufWriter().text(1, apiKey).text(2, jvmUuid);
	}

	static ProtobufWriter commonData(CommonPublicationData data, String fingerprint, long publishedAtMillis) {
		return new ProtobufWriter().text(1, data.apiKey())
			.text(2, data.appName())
			.text(3, data.appVersion())
			.text(4, fingerprint)
			.text(5, data.environment())
			.text(6, data.hostname())
			.number(7, data.jvmStartedAtMillis())
			.text(8, data.jvmUuid())
			.number(9, publishedAtMillis);
	}

	static void codeBaseEntry(ProtobufWriter entry, CodeBaseEntry method, String hash) {
		entry.text(1, method.signature().declaringType())
			.text(2, method.visibility())
			.text(3, method.text())
			.text(4, method.signature().methodName())
			.text(5, method.modifiers())
			.text(6, method.signature().packageName())
			.text(7, method.signature().parameterTypes())
			.text(8, hash);
	}

	static void invocationEntry(ProtobufWriter entry, String hash) {
		entry.text(1, hash);
	}

	/**
	 * The last field of a publication of invocations.
	 */
	static ProtobufWriter recordingInterval(long startedAtMillis) {
		return new ProtobufWriter().number(3, startedAtMillis);
	}

}
