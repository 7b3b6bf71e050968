package dev.apm4j.usage;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How publishing to a collector goes. Immutable; a moment's values.
 *
 * @param state the state
 * @param reason why nothing is published, {@code null} unless {@link State#OFF}
 * @param collector host and port of the collector; those that are configured until it has
 * said others
 * @param lastSuccess when the collector last accepted a call, or {@code null}
 * @param lastFailure what failed last, or {@code null}; without secrets
 * @param lastFailureAt when that was, or {@code null}
 * @param nextAttempt when the collector is called next, {@code null} if it is not
 * @param codeBasePublished whether all of the code base is published
 * @param methodsPublished how many of its methods are
 * @param messagesOfCodeBase in how many messages
 * @param methodsNotRecorded how many methods were left out, or counted as called, as
 * nobody knows whether they are
 * @param methodsTooLong how many were left out as the collector can't store their names
 * @param invocationPublications how many publications of invocations were accepted
 * @param invocationsPublished how many methods they had together
 * @param invocationsPending how many methods wait to be published again
 */
public record PublicationStatus(State state, @Nullable String reason, String collector, @Nullable Instant lastSuccess,
		@Nullable String lastFailure, @Nullable Instant lastFailureAt, @Nullable Instant nextAttempt,
		boolean codeBasePublished, int methodsPublished, int messagesOfCodeBase, int methodsNotRecorded,
		int methodsTooLong, long invocationPublications, long invocationsPublished, int invocationsPending) {

	/** What the publisher does. */
	public enum State {

		/** Nothing, for a reason. */
		OFF,

		/** Has not got an answer yet. */
		CONNECTING,

		/** Publishes. */
		UP,

		/** Comes back after a failure. */
		RETRYING,

		/** Waits for a key that the collector knows; asks rarely. */
		UNAUTHENTICATED,

		/** Has ended. */
		CLOSED

	}

}
