package dev.apm4j.export.skywalking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of the log and of the status should know of the backend beside the
 * outcome of its batches: which of its tasks fail, and why. Failures are logged once a
 * minute at most, however many tasks fail. Thread-safe.
 */
public final class SkyWalkingNotices {

	private static final Log logger = LogFactory.getLog(SkyWalkingNotices.class);

	private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final Map<String, String> failing = new TreeMap<>();

	private final Map<String, String> off = new TreeMap<>();

	private final List<Supplier<@Nullable String>> remarks = new ArrayList<>();

	private final LongSupplier nanoTime;

	private @Nullable Long loggedAt;

	private boolean logged;

	/**
	 * Creates notices of a backend of which nothing is known yet.
	 */
	public SkyWalkingNotices() {
		this(System::nanoTime);
	}

	SkyWalkingNotices(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Adds what there may be to say beside failures.
	 * @param remark gives it in a few words, {@code null} if there is nothing at the
	 * moment
	 */
	synchronized void add(Supplier<@Nullable String> remark) {
		this.remarks.add(remark);
	}

	/**
	 * A task has done what it should.
	 * @param task its name
	 */
	synchronized void succeeded(String task) {
		if (this.failing.remove(task) != null && this.failing.isEmpty() && this.logged) {
			this.logged = false;
			logger.info("SkyWalking is reachable again");
		}
	}

	/**
	 * A task has failed and will be tried again.
	 * @param task its name
	 * @param failure why
	 */
	synchronized void failed(String task, Throwable failure) {
		String text = text(failure);
		this.failing.put(task, text);
		logger.debug("SkyWalking: " + task + " failed", failure);
		long now = this.nanoTime.getAsLong();
		Long last = this.loggedAt;
		if (last == null || now - last >= LOG_INTERVAL_NANOS) {
			this.loggedAt = now;
			this.logged = true;
			logger.warn("SkyWalking: " + task + " failed and is tried again: " + text);
		}
	}

	/**
	 * A task was given up because there is no place for its data.
	 * @param task its name
	 * @param failure why
	 */
	synchronized void unsupported(String task, UnsupportedSignalException failure) {
		this.failing.remove(task);
		this.off.put(task, text(failure));
		logger.debug("SkyWalking: " + task + " is off: " + failure.getMessage());
	}

	/**
	 * What fails and what is off.
	 * @return one line, {@code null} if there is nothing to say
	 */
	synchronized @Nullable String summary() {
		StringBuilder summary = new StringBuilder();
		byReason(this.failing).forEach((text, tasks) -> append(summary,
				String.join(", ", tasks) + ((tasks.size() > 1) ? " fail: " : " fails: ") + text));
		byReason(this.off).forEach((text, tasks) -> append(summary,
				String.join(", ", tasks) + ((tasks.size() > 1) ? " are off: " : " is off: ") + text));
		for (Supplier<@Nullable String> remark : this.remarks) {
			String text = remark.get();
			if (text != null) {
				append(summary, text);
			}
		}
		return summary.isEmpty() ? null : summary.toString();
	}

	/**
	 * Whether anything failed that has not succeeded since.
	 * @return whether the server is better not waited for
	 */
	synchronized boolean isFailing() {
		return !this.failing.isEmpty();
	}

	/** Most tasks have the same reason, which must not be all that there is room for. */
	private static Map<String, List<String>> byReason(Map<String, String> tasks) {
		Map<String, List<String>> reasons = new LinkedHashMap<>();
		tasks.forEach((task, text) -> reasons.computeIfAbsent(text, (key) -> new ArrayList<>()).add(task));
		return reasons;
	}

	private static void append(StringBuilder summary, String text) {
		summary.append(summary.isEmpty() ? "" : "; ").append(text);
	}

	private static String text(Throwable failure) {
		String message = failure.getMessage();
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

}
