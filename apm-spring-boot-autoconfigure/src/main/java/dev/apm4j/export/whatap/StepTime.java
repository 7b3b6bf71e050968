package dev.apm4j.export.whatap;

import dev.apm4j.trace.SpanData;

/**
 * The time of one transaction, into which those of its steps are fitted: the agent draws
 * steps by their distance from the start. Milliseconds since the epoch. The duration of
 * anything is the difference of its two ends in milliseconds, as the agent does it for
 * transactions, so that many short steps add up to what they took.
 */
final class StepTime {

	static final long NANOS_PER_MILLI = 1_000_000;

	private final long start;

	private final long end;

	private StepTime(long start, long end) {
		this.start = start;
		this.end = Math.max(start, end);
	}

	static StepTime of(SpanData root) {
		return new StepTime(start(root), (root.startEpochNanos() + root.durationNanos()) / NANOS_PER_MILLI);
	}

	static long start(SpanData root) {
		return Math.max(0, root.startEpochNanos() / NANOS_PER_MILLI);
	}

	long start() {
		return this.start;
	}

	long end() {
		return this.end;
	}

	int elapsed() {
		return saturated(this.end - this.start);
	}

	/** Sets the times of a step, as far as they are in the transaction. */
	void set(TransactionHeader header, long startNanos, long endNanos) {
		long from = within(startNanos);
		header.at(from, saturated(Math.max(0, within(endNanos) - from)));
	}

	private long within(long epochNanos) {
		return Math.min(Math.max(epochNanos / NANOS_PER_MILLI, this.start), this.end);
	}

	private static int saturated(long millis) {
		return (int) Math.min(Integer.MAX_VALUE, millis);
	}

}
