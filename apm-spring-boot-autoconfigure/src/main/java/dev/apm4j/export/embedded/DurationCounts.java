package dev.apm4j.export.embedded;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations in the buckets of an {@link Histogram HdrHistogram} with two
 * significant digits, lock-free. HdrHistogram's own concurrent forms don't fit a thousand
 * endpoints: {@code AtomicHistogram} takes 26 KB whatever it counts, and
 * {@code PackedConcurrentHistogram} 2.2.2 can spin for ever when two threads make it grow
 * at the same time. Here a power of two that occurs takes 0.5 KB, and percentiles are
 * still HdrHistogram's.
 */
final class DurationCounts {

	/** One hour in microseconds; whatever is longer counts as this. */
	static final long MAX = 3_600_000_000L;

	static final int DIGITS = 2;

	/** Buckets of one power of two: HdrHistogram's for two digits. */
	private static final int BLOCK_BITS = 7;

	private static final int BLOCK = 1 << BLOCK_BITS;

	private static final int BLOCKS = block(MAX) + 1;

	private final AtomicReferenceArray<@Nullable AtomicIntegerArray> blocks = new AtomicReferenceArray<>(BLOCKS);

	void record(long micros, int times) {
		long value = Math.max(0, Math.min(micros, MAX));
		int block = block(value);
		AtomicIntegerArray counts = this.blocks.get(block);
		if (counts == null) {
			AtomicIntegerArray created = new AtomicIntegerArray(BLOCK);
			counts = this.blocks.compareAndExchange(block, null, created);
			counts = (counts != null) ? counts : created;
		}
		int index = (int) (value >>> shift(block)) & (BLOCK - 1);
		counts.accumulateAndGet(index, times, DurationCounts::sum);
	}

	/** Of unsigned numbers; 2^32 - 1 in one bucket are enough for a percentile. */
	private static int sum(int count, int more) {
		int sum = count + more;
		return (Integer.compareUnsigned(sum, count) < 0) ? -1 : sum;
	}

	/** Adds the counts to a histogram that reaches up to {@link #MAX}. */
	void addTo(Histogram histogram) {
		for (int block = 0; block < BLOCKS; block++) {
			AtomicIntegerArray counts = this.blocks.get(block);
			for (int index = 0; counts != null && index < BLOCK; index++) {
				long count = Integer.toUnsignedLong(counts.get(index));
				if (count > 0) {
					long value = (block == 0) ? index : (long) (BLOCK + index) << shift(block);
					histogram.recordValueWithCount(value, count);
				}
			}
		}
	}

	/** Number of the block: 0 below 128, and one more with each power of two. */
	private static int block(long value) {
		return Math.max(0, Long.SIZE - BLOCK_BITS - Long.numberOfLeadingZeros(value));
	}

	private static int shift(int block) {
		return Math.max(0, block - 1);
	}

}
