package dev.apm4j.export;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A point in time by the monotonic clock.
 *
 * @param nanoTime a {@link System#nanoTime()}
 */
record Deadline(long nanoTime) {

	private static final Duration FOREVER = Duration.ofDays(365);

	static Deadline in(Duration duration) {
		Duration bounded = (duration.compareTo(FOREVER) < 0) ? duration : FOREVER;
		return new Deadline(System.nanoTime() + (bounded.isNegative() ? 0 : bounded.toNanos()));
	}

	long remainingNanos() {
		return Math.max(0, this.nanoTime - System.nanoTime());
	}

	boolean isOver() {
		return remainingNanos() == 0;
	}

	Deadline earlierBy(long nanos) {
		return new Deadline(this.nanoTime - nanos);
	}

	/**
	 * Waits for a thread to end. An interrupt of the waiting thread does not cut the wait
	 * short, which is bounded anyway, and is there again afterwards.
	 * @return whether the thread has ended
	 */
	boolean join(Thread thread) {
		boolean interrupted = false;
		while (thread.isAlive() && thread != Thread.currentThread() && !isOver()) {
			try {
				TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1_000_000, remainingNanos()));
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return !thread.isAlive();
	}

}
