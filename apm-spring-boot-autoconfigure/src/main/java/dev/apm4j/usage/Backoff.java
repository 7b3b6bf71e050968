package dev.apm4j.usage;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between attempts, shortened at random so that many instances do not come
 * back to a restarted collector at the same moment. Not thread-safe.
 */
final class Backoff {

	static final Duration INITIAL = Duration.ofSeconds(1);

	static final Duration MAX = Duration.ofSeconds(30);

	private final RandomGenerator random;

	private long next = INITIAL.toNanos();

	Backoff(RandomGenerator random) {
		this.random = random;
	}

	/**
	 * The pause after one more failure.
	 * @return nanoseconds, from a half of the full pause to all of it
	 */
	long next() {
		long full = this.next;
		this.next = Math.min(MAX.toNanos(), full * 2);
		return full - this.random.nextLong(full / 2 + 1);
	}

	void reset() {
		this.next = INITIAL.toNanos();
	}

}
