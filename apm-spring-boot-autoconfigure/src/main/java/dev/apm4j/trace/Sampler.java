package dev.apm4j.trace;

import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Applies the {@link SamplingPolicy} in force. Thread-safe and lock-free.
 */
final class Sampler {

	private static final long WINDOW_NANOS = 3_000_000_000L;

	/**
	 * Number of the 3-second window in the upper, traces sampled in it in the lower 32
	 * bits.
	 */
	private final AtomicLong window = new AtomicLong();

	private final long origin = System.nanoTime();

	private volatile SamplingPolicy policy;

	Sampler(SamplingPolicy policy) {
		this.policy = policy;
	}

	SamplingPolicy policy() {
		return this.policy;
	}

	void policy(SamplingPolicy newPolicy) {
		this.policy = newPolicy;
	}

	/** Whether the current time counts. */
	boolean hasCap() {
		return this.policy.maxPerThreeSeconds() > 0;
	}

	/**
	 * The head decision for a trace that starts here.
	 * @param traceIdLow the rightmost 64 bits of the trace id, which are random
	 * @param nowNanos the current {@link System#nanoTime()}; anything without a cap
	 */
	boolean sample(long traceIdLow, long nowNanos) {
		SamplingPolicy current = this.policy;
		if (current.rate() < 1.0) {
			// The id decides, not a dice, so that processes with the same rate agree.
			double position = (traceIdLow >>> 11) * 0x1.0p-53;
			if (position >= current.rate()) {
				return false;
			}
		}
		return current.maxPerThreeSeconds() == 0 || underCap(current.maxPerThreeSeconds(), nowNanos);
	}

	/**
	 * Counts a trace whose sampling was decided by its caller against the local cap.
	 */
	void countForced(long nowNanos) {
		int cap = this.policy.maxPerThreeSeconds();
		if (cap > 0) {
			underCap(cap, nowNanos);
		}
	}

	private boolean underCap(int cap, long nowNanos) {
		long number = ((nowNanos - this.origin) / WINDOW_NANOS) & 0xffffffffL;
		while (true) {
			long seen = this.window.get();
			long count = (seen >>> 32 == number) ? (seen & 0xffffffffL) : 0;
			if (count >= cap) {
				return false;
			}
			if (this.window.compareAndSet(seen, (number << 32) | (count + 1))) {
				return true;
			}
		}
	}

	/**
	 * Why an ended segment is kept, or {@code null} if it is only counted.
	 */
	@Nullable KeepReason keep(Segment segment) {
		if (segment.sampled()) {
			return KeepReason.SAMPLED;
		}
		SamplingPolicy current = this.policy;
		if (current.keepErrors() && segment.failed()) {
			return KeepReason.ERROR;
		}
		if (current.keepSlow() != null && segment.root().durationNanos() >= current.keepSlow().toNanos()) {
			return KeepReason.SLOW;
		}
		return null;
	}

}
