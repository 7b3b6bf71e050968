package dev.apm4j.export;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Growing pauses between attempts, shortened at random so that many instances do not come
 * back to a restarted backend at the same moment. Used by one thread.
 */
final class Backoff {

	private final long initialNanos;

	private final long maxNanos;

	private long nextNanos;

	Backoff(Duration initial, Duration max) {
		this.initialNanos = initial.toNanos();
		this.maxNanos = max.toNanos();
		this.nextNanos = this.initialNanos;
	}

	/**
	 * The pause after one more failure.
	 * @return nanoseconds, from a half of the full pause to all of it
	 */
	long next() {
		long full = this.nextNanos;
		this.nextNanos = Math.min(this.maxNanos, full * 2);
		return full - ThreadLocalRandom.current().nextLong(full / 2 + 1);
	}

	void reset() {
		this.nextNanos = this.initialNanos;
	}

}
