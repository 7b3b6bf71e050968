package dev.apm4j.usage;

import java.time.Instant;
import java.time.InstantSource;

import dev.apm4j.usage.PublicationStatus.State;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether the collector takes what it is sent. Says so in the log when that changes, not
 * with every attempt. Not thread-safe.
 */
final class PublicationHealth {

	private static final Log logger = LogFactory.getLog(PublicationHealth.class);

	private final InstantSource clock;

	private State state = State.CONNECTING;

	private @Nullable Instant lastSuccess;

	private @Nullable String lastFailure;

	private @Nullable Instant lastFailureAt;

	PublicationHealth(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * Takes note that the collector accepted a call.
	 * @param address the collector
	 * @param wholly whether no other call waits to be repeated
	 */
	void succeeded(CollectorAddress address, boolean wholly) {
		this.lastSuccess = this.clock.instant();
		if (wholly && this.state != State.UP) {
			this.state = State.UP;
			logger.info("Usage of methods is published to the collector at " + address);
		}
	}

	/**
	 * Takes note that a call failed.
	 * @param state what that means
	 * @param failure what failed
	 * @param outlook what becomes of it, for the log
	 */
	void failed(State state, @Nullable String failure, String outlook) {
		if (this.state != state) {
			logger.warn("Usage of methods is not published: " + failure + outlook);
		}
		this.state = state;
		this.lastFailure = failure;
		this.lastFailureAt = this.clock.instant();
	}

	void closed() {
		this.state = State.CLOSED;
	}

	State state() {
		return this.state;
	}

	@Nullable Instant lastSuccess() {
		return this.lastSuccess;
	}

	@Nullable String lastFailure() {
		return this.lastFailure;
	}

	@Nullable Instant lastFailureAt() {
		return this.lastFailureAt;
	}

}
