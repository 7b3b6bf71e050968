package dev.apm4j.export;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;

/**
 * Logs counters that have grown, each at most once a minute, on the thread that asks for
 * it: never a request's. Used by one thread at a time.
 */
final class DropReports {

	private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final Log logger;

	private final List<Report> reports = new ArrayList<>();

	DropReports(Log logger) {
		this.logger = logger;
	}

	/**
	 * Watches a counter.
	 * @param counter the counter, which only grows
	 * @param message makes a log line of what was added since the last one
	 */
	void watch(LongSupplier counter, LongFunction<String> message) {
		this.reports.add(new Report(counter, message));
	}

	void log(long nowNanos) {
		for (Report report : this.reports) {
			report.log(nowNanos);
		}
	}

	private final class Report {

		private final LongSupplier counter;

		private final LongFunction<String> message;

		private long reported;

		private long reportedAtNanos;

		Report(LongSupplier counter, LongFunction<String> message) {
			this.counter = counter;
			this.message = message;
		}

		void log(long nowNanos) {
			long count = this.counter.getAsLong();
			if (count == this.reported || (this.reported > 0 && nowNanos - this.reportedAtNanos < INTERVAL_NANOS)) {
				return;
			}
			DropReports.this.logger.warn(this.message.apply(count - this.reported));
			this.reported = count;
			this.reportedAtNanos = nowNanos;
		}

	}

}
