package dev.apm4j.trace;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Turns readings of {@link System#nanoTime()} into wall-clock time with microseconds,
 * without reading the wall clock for every segment. Segments of one process agree to the
 * nanosecond that way; the offset is measured again every ten seconds, so that they
 * follow the wall clock, and a jump of it can't make a duration negative.
 */
final class EpochClock {

	private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** Below this the difference is the jitter of the measurement itself. */
	private static final long TOLERANCE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

	private volatile long offset = measure();

	private volatile long measuredAt = System.nanoTime();

	/**
	 * The nanoseconds to add to a nanoTime to get nanoseconds since the epoch.
	 * @param nowNanos the current nanoTime
	 */
	long offset(long nowNanos) {
		if (nowNanos - this.measuredAt > REFRESH_NANOS) {
			// Two threads may measure at once: both results are right.
			this.measuredAt = nowNanos;
			long measured = measure();
			if (Math.abs(measured - this.offset) > TOLERANCE_NANOS) {
				this.offset = measured;
			}
		}
		return this.offset;
	}

	private static long measure() {
		Instant now = Instant.now();
		return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
	}

}
