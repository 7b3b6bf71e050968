package dev.apm4j.trace;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Which traces are kept. The head decision (rate and cap) is taken when a trace starts in
 * this process and travels in the propagated headers; {@code keepSlow} and
 * {@code keepErrors} are decided when the local segment has ended and keep it although
 * the head decision was no. Immutable.
 *
 * @param rate share of new traces that is sampled, 0.0 to 1.0
 * @param maxPerThreeSeconds at most so many new traces are sampled in 3 seconds; 0 for no
 * cap
 * @param keepSlow segments that took at least this long are kept; {@code null} for none
 * @param keepErrors whether segments with an error in any span are kept
 */
public record SamplingPolicy(double rate, int maxPerThreeSeconds, @Nullable Duration keepSlow, boolean keepErrors) {

	/**
	 * Every trace is sampled.
	 */
	public static final SamplingPolicy ALWAYS = new SamplingPolicy(1.0, 0, null, false);

	/**
	 * No trace that starts here is sampled, and none is kept afterwards.
	 */
	public static final SamplingPolicy NEVER = new SamplingPolicy(0.0, 0, null, false);

	public SamplingPolicy {
		if (!(rate >= 0.0 && rate <= 1.0)) {
			throw new IllegalArgumentException("sampling rate must be from 0.0 to 1.0 but is " + rate);
		}
		if (maxPerThreeSeconds < 0) {
			throw new IllegalArgumentException(
					"sampling cap per 3 seconds must be 0 (no cap) or more but is " + maxPerThreeSeconds);
		}
		if (keepSlow != null && keepSlow.isNegative()) {
			throw new IllegalArgumentException("keep-slow must not be negative but is " + keepSlow);
		}
	}

	/**
	 * The same policy with another head rate.
	 * @param newRate the rate, 0.0 to 1.0
	 * @return the policy
	 */
	public SamplingPolicy withRate(double newRate) {
		return new SamplingPolicy(newRate, this.maxPerThreeSeconds, this.keepSlow, this.keepErrors);
	}

	/**
	 * The same policy with another cap.
	 * @param newCap at most so many new traces in 3 seconds; 0 for no cap
	 * @return the policy
	 */
	public SamplingPolicy withMaxPerThreeSeconds(int newCap) {
		return new SamplingPolicy(this.rate, newCap, this.keepSlow, this.keepErrors);
	}

	/**
	 * Whether a segment may still be kept after the head decision was no, so that its
	 * spans have to be recorded all the same.
	 * @return whether slow or failed segments are kept
	 */
	boolean decidesAtEnd() {
		return this.keepSlow != null || this.keepErrors;
	}

}
