package dev.apm4j.usage;

import org.jspecify.annotations.Nullable;

/**
 * The JVM could not attach to itself.
 */
final class AttachFailedException extends Exception {

	private static final long serialVersionUID = 1L;

	AttachFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
