package dev.apm4j.export.embedded;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import org.HdrHistogram.Histogram;

/**
 * Numbers of something that happens again and again and takes time: they only grow.
 * Thread-safe and lock-free.
 */
final class Timings {

	private final LongAdder count = new LongAdder();

	private final LongAdder errors = new LongAdder();

	/** Nanoseconds, as statements take so few microseconds that rounding would show. */
	private final LongAdder total = new LongAdder();

	private final LongAccumulator max = new LongAccumulator(Math::max, 0);

	private final DurationCounts durations = new DurationCounts();

	void count(long micros, boolean failed) {
		this.count.increment();
		if (failed) {
			this.errors.increment();
		}
		this.total.add(micros * 1000);
		this.max.accumulate(micros);
		this.durations.record(micros, 1);
	}

	/**
	 * Counts many of which only sum, shortest and longest are known. The percentiles take
	 * those between for equal, which is exact for up to two.
	 */
	void count(int number, long totalNanos, long minNanos, long maxNanos) {
		this.count.add(number);
		this.total.add(totalNanos);
		this.max.accumulate(maxNanos / 1000);
		this.durations.record(maxNanos / 1000, 1);
		if (number > 1) {
			this.durations.record(minNanos / 1000, 1);
		}
		if (number > 2) {
			long between = Math.max(0, totalNanos - minNanos - maxNanos) / (number - 2);
			this.durations.record(between / 1000, number - 2);
		}
	}

	/** Counts many that failed, of which only the sum is known. */
	void countFailed(int number, long totalNanos) {
		long micros = totalNanos / number / 1000;
		this.count.add(number);
		this.errors.add(number);
		this.total.add(totalNanos);
		this.max.accumulate(micros);
		this.durations.record(micros, number);
	}

	/**
	 * Reads the numbers.
	 * @param scratch a histogram to calculate with
	 */
	Reading read(Histogram scratch) {
		scratch.reset();
		this.durations.addTo(scratch);
		long longest = this.max.get();
		return new Reading(this.count.sum(), this.errors.sum(), this.total.sum() / 1000,
				percentile(scratch, 50, longest), percentile(scratch, 95, longest), percentile(scratch, 99, longest),
				longest);
	}

	private static long percentile(Histogram histogram, double percentile, long max) {
		return Math.min(histogram.getValueAtPercentile(percentile), max);
	}

	/** A histogram to calculate with. */
	static Histogram newHistogram() {
		return new Histogram(DurationCounts.MAX, DurationCounts.DIGITS);
	}

	/**
	 * The numbers of a moment; times in microseconds.
	 */
	record Reading(long count, long errors, long total, long p50, long p95, long p99, long max) {
	}

}
