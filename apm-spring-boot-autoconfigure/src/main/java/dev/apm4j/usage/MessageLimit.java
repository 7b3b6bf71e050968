package dev.apm4j.usage;

/**
 * How large a message may be: as configured, until the collector says that it takes only
 * smaller ones. Not thread-safe.
 */
final class MessageLimit {

	private final int configured;

	private int bytes;

	MessageLimit(int configured) {
		this.configured = Math.max(CollectorClient.SMALL_MESSAGE, configured);
		this.bytes = this.configured;
	}

	int bytes() {
		return this.bytes;
	}

	/**
	 * Takes note that a message was too large.
	 * @param length its length
	 * @return {@code false} if it was so small that its size cannot be the reason
	 */
	boolean lower(int length) {
		if (length <= CollectorClient.SMALL_MESSAGE) {
			this.bytes = this.configured;
			return false;
		}
		this.bytes = Math.max(CollectorClient.SMALL_MESSAGE, Math.min(this.bytes, length) / 2);
		return true;
	}

}
