package dev.apm4j.export.skywalking;

import dev.apm4j.export.ExportRejectedException;

/**
 * Says that something in a batch is larger than the other side takes, while the rest of
 * it may be welcome.
 */
final class TooLargeException extends ExportRejectedException {

	private static final long serialVersionUID = 1L;

	private final boolean certain;

	/**
	 * Creates the exception.
	 * @param message what to do about it
	 * @param certain whether the other side has said so, or only ended the call as one
	 * does that takes no more
	 */
	TooLargeException(String message, boolean certain) {
		super(message);
		this.certain = certain;
	}

	boolean isCertain() {
		return this.certain;
	}

}
