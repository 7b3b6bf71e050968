package dev.apm4j.export.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of one endpoint, lock-free: all of them, and by minute. Whoever
 * comes first in a new minute turns the page. The minute before stays open until the next
 * turn, for a thread that was about to count into it; older ones are a few numbers.
 */
final class EndpointRecorder {

	/** Minutes that are remembered. */
	static final int MINUTES = 60;

	private final String name;

	private final String kind;

	private final Counts all = new Counts();

	private final LongAdder total = new LongAdder();

	private final LongAccumulator max = new LongAccumulator(Math::max, 0);

	private final AtomicReference<Pages> pages;

	EndpointRecorder(String name, String kind, long minute) {
		this.name = name;
		this.kind = kind;
		this.pages = new AtomicReference<>(new Pages(new Minute(minute, new Counts()), null, List.of()));
	}

	void count(long minute, long micros, boolean failed) {
		this.all.count(micros, failed);
		this.total.add(micros);
		this.max.accumulate(micros);
		page(minute).counts().count(micros, failed);
	}

	private Minute page(long minute) {
		Pages before = pages();
		while (!before.isFor(minute)) {
			Pages turned = before.turn(minute);
			if (this.pages.compareAndSet(before, turned)) {
				return turned.current();
			}
			before = pages();
		}
		return before.current();
	}

	/**
	 * Reads the counts.
	 * @param scratch a histogram to calculate with
	 * @param now the current minute
	 */
	EndpointStatistics read(Histogram scratch, long now) {
		long longest = this.max.get();
		this.all.load(scratch);
		return new EndpointStatistics(this.name, this.kind, this.all.count.sum(), this.all.errors.sum(),
				this.total.sum(), percentile(scratch, 50, longest), percentile(scratch, 95, longest),
				percentile(scratch, 99, longest), longest, pages().read(scratch, now));
	}

	private Pages pages() {
		return Objects.requireNonNull(this.pages.get());
	}

	private static long percentile(Histogram histogram, double percentile, long max) {
		return Math.min(histogram.getValueAtPercentile(percentile), max);
	}

	/** Numbers that grow. */
	private static final class Counts {

		private final LongAdder count = new LongAdder();

		private final LongAdder errors = new LongAdder();

		private final DurationCounts durations = new DurationCounts();

		void count(long micros, boolean failed) {
			this.count.increment();
			if (failed) {
				this.errors.increment();
			}
			this.durations.record(micros);
		}

		void load(Histogram scratch) {
			scratch.reset();
			this.durations.addTo(scratch);
		}

	}

	private record Minute(long number, Counts counts) {

		MinuteStatistics read(Histogram scratch) {
			this.counts.load(scratch);
			return new MinuteStatistics(this.number * 60, this.counts.count.sum(), this.counts.errors.sum(),
					scratch.getValueAtPercentile(50), scratch.getValueAtPercentile(95),
					scratch.getValueAtPercentile(99));
		}

	}

	private record Pages(Minute current, @Nullable Minute previous, List<MinuteStatistics> older) {

		/**
		 * Whether a request of a minute is counted here. A clock that was set back a
		 * little goes on in the minute it was in.
		 */
		boolean isFor(long minute) {
			return minute == this.current.number || minute == this.current.number - 1;
		}

		/**
		 * Begins a minute. If the clock was set back, the minutes that now lie in the
		 * future are forgotten, so that those that are left stay in order.
		 */
		Pages turn(long minute) {
			List<MinuteStatistics> kept = new ArrayList<>(this.older.size() + 2);
			this.older.forEach((each) -> keep(kept, each, minute));
			if (this.previous != null) {
				keep(kept, this.previous.read(newHistogram()), minute);
			}
			boolean back = minute < this.current.number;
			return new Pages(new Minute(minute, new Counts()), back ? null : this.current, List.copyOf(kept));
		}

		private static void keep(List<MinuteStatistics> kept, MinuteStatistics each, long now) {
			long number = each.minute() / 60;
			if (number >= now - MINUTES && number < now && each.count() > 0) {
				kept.add(each);
			}
		}

		List<MinuteStatistics> read(Histogram scratch, long now) {
			List<MinuteStatistics> minutes = new ArrayList<>(this.older.size() + 2);
			long end = Math.max(now, this.current.number) + 1;
			this.older.forEach((each) -> keep(minutes, each, end));
			if (this.previous != null) {
				keep(minutes, this.previous.read(scratch), end);
			}
			keep(minutes, this.current.read(scratch), end);
			return minutes;
		}

	}

	static Histogram newHistogram() {
		return new Histogram(DurationCounts.MAX, DurationCounts.DIGITS);
	}

}
