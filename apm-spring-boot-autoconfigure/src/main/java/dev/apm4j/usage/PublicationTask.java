package dev.apm4j.usage;

import java.time.Duration;

/**
 * When something that is repeated is due. After a refusal that is the collector's retry
 * interval, and from the sixth in a row on 2, 4, 8, then 16 times as long, as with
 * Scavenger's agent. Not thread-safe.
 */
final class PublicationTask {

	private static final int REFUSALS_WITHOUT_GROWTH = 5;

	private static final int MAX_DOUBLINGS = 4;

	private long dueNanos;

	private int refusals;

	private boolean failing;

	/**
	 * Makes a task.
	 * @param dueNanos when it is due, by the JVM's nanosecond clock
	 */
	PublicationTask(long dueNanos) {
		this.dueNanos = dueNanos;
	}

	boolean isDue(long nowNanos) {
		return this.dueNanos - nowNanos <= 0;
	}

	long dueNanos() {
		return this.dueNanos;
	}

	void succeeded(long nowNanos, Duration interval) {
		this.refusals = 0;
		this.failing = false;
		this.dueNanos = nowNanos + interval.toNanos();
	}

	void refused(long nowNanos, Duration retryInterval) {
		this.failing = true;
		this.refusals++;
		int doublings = Math.max(0, Math.min(MAX_DOUBLINGS, this.refusals - REFUSALS_WITHOUT_GROWTH));
		this.dueNanos = nowNanos + (retryInterval.toNanos() << doublings);
	}

	/** It is still due. */
	void failed() {
		this.failing = true;
	}

	boolean isFailing() {
		return this.failing;
	}

	void dueNow(long nowNanos) {
		this.dueNanos = nowNanos;
	}

}
