package dev.apm4j.usage;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Makes one report for all who ask at about the same time: with 100,000 methods each is
 * some 20 MB, and pages that are open ask again and again. Keeps no report alive.
 * Thread-safe; who asks meanwhile waits.
 */
final class ReportCache {

	private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Supplier<UsageReport> source;

	private final Supplier<@Nullable CodeBase> codeBase;

	private final LongSupplier nanoTime;

	private @Nullable WeakReference<UsageReport> latest;

	private @Nullable CodeBase latestCodeBase;

	private long latestNanos;

	/**
	 * Makes an empty cache.
	 * @param source makes a report
	 * @param codeBase the code base at present: a report of another one is of no use
	 * @param nanoTime the JVM's nanosecond clock
	 */
	ReportCache(Supplier<UsageReport> source, Supplier<@Nullable CodeBase> codeBase, LongSupplier nanoTime) {
		this.source = source;
		this.codeBase = codeBase;
		this.nanoTime = nanoTime;
	}

	synchronized UsageReport get() {
		WeakReference<UsageReport> latest = this.latest;
		UsageReport report = (latest != null) ? latest.get() : null;
		CodeBase present = this.codeBase.get();
		long now = this.nanoTime.getAsLong();
		if (report == null || present != this.latestCodeBase || now - this.latestNanos >= NANOS) {
			this.latestCodeBase = present;
			report = this.source.get();
			this.latest = new WeakReference<>(report);
			this.latestNanos = now;
		}
		return report;
	}

}
