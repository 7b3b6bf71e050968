package dev.apm4j.export.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
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

	private final EndpointName name;

	private final Timings all = new Timings();

	private final LongAdder sqlCalls = new LongAdder();

	private final LongAdder sqlRepeated = new LongAdder();

	private final AtomicReference<Pages> pages;

	EndpointRecorder(EndpointName name, long minute) {
		this.name = name;
		this.pages = new AtomicReference<>(new Pages(new Minute(minute, new Timings()), null, List.of()));
	}

	void count(long minute, long micros, boolean failed) {
		this.all.count(micros, failed);
		page(minute).timings().count(micros, failed);
	}

	/**
	 * Counts the statements of a request.
	 * @param number how many it executed
	 * @param repeated whether it executed one so often that it is suspicious
	 */
	void countSql(long number, boolean repeated) {
		this.sqlCalls.add(number);
		if (repeated) {
			this.sqlRepeated.increment();
		}
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
		Timings.Reading read = this.all.read(scratch);
		return new EndpointStatistics(this.name.name(), this.name.kind(), read.count(), read.errors(), read.total(),
				read.p50(), read.p95(), read.p99(), read.max(), this.sqlCalls.sum(), this.sqlRepeated.sum(),
				pages().read(scratch, now));
	}

	private Pages pages() {
		return Objects.requireNonNull(this.pages.get());
	}

	private record Minute(long number, Timings timings) {

		MinuteStatistics read(Histogram scratch) {
			Timings.Reading read = this.timings.read(scratch);
			return new MinuteStatistics(this.number * 60, read.count(), read.errors(), read.p50(), read.p95(),
					read.p99());
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
				keep(kept, this.previous.read(Timings.newHistogram()), minute);
			}
			boolean back = minute < this.current.number;
			return new Pages(new Minute(minute, new Timings()), back ? null : this.current, List.copyOf(kept));
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

}
