package dev.apm4j.usage;

import org.jspecify.annotations.Nullable;

/**
 * How far the scan of the code base is.
 *
 * @param state the state
 * @param classes classes read of those that can count
 * @param methods methods found that count, at first with those that are too many
 * @param millis how long it has taken so far, in milliseconds
 * @param failure why it failed, {@code null} if it did not
 */
public record ScanProgress(State state, int classes, int methods, long millis, @Nullable String failure) {

	/** Where the scan is. */
	public enum State {

		/** Not begun. */
		WAITING,

		/** Under way. */
		RUNNING,

		/** Done. */
		DONE,

		/** Given up. */
		CANCELLED,

		/** Ended by a failure, so that there is no code base. */
		FAILED

	}

}
