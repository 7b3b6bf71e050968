package dev.apm4j.usage;

/**
 * A call of the collector failed. The message can be shown: one line, bounded, without
 * the API key.
 */
@SuppressWarnings("serial")
final class CollectorException extends Exception {

	private final Kind kind;

	CollectorException(Kind kind, String message) {
		super(message, null, false, false);
		this.kind = kind;
	}

	Kind kind() {
		return this.kind;
	}

	/** What can be done about it. */
	enum Kind {

		/** Nobody answered, or nobody who is a collector: it may be there in seconds. */
		UNREACHABLE,

		/** The collector does not know the API key. */
		UNAUTHENTICATED,

		/** The message was too large for it, or perhaps was. */
		TOO_LARGE,

		/** The collector answered, and did not take what it was sent. */
		REFUSED

	}

}
