package dev.apm4j.export.whatap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of the log and of the status should know of the backend beside the
 * outcome of its batches: which of its tasks fail, and what was lost. Failures are logged
 * once a minute at most. Thread-safe.
 */
final class WhaTapNotices {

	private static final Log logger = LogFactory.getLog(WhaTapNotices.class);

	private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final Map<String, String> failing = new TreeMap<>();

	private final List<Supplier<@Nullable String>> remarks = new ArrayList<>();

	private long failures;

	private @Nullable Long loggedAt;

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
		this.failing.remove(task);
	}

	/**
	 * A task has failed and goes on. That nobody listens is no failure of a task: it
	 * concerns all of them, and the link knows it.
	 * @param task its name
	 * @param failure why
	 */
	synchronized void failed(String task, Throwable failure) {
		boolean away = failure instanceof AgentUnreachableException;
		String text = text(failure);
		if (!away) {
			this.failures++;
			this.failing.put(task, text);
			logger.debug("WhaTap: " + task + " failed", failure);
		}
		long now = System.nanoTime();
		Long last = this.loggedAt;
		if (last == null || now - last >= LOG_INTERVAL_NANOS) {
			this.loggedAt = now;
			logger.warn(away ? "WhaTap: " + text + "; what is reported meanwhile is lost"
					: "WhaTap: " + task + " failed and goes on: " + text);
		}
	}

	/** How often a task has failed. */
	synchronized long failures() {
		return this.failures;
	}

	/**
	 * What fails, and what else there is to say.
	 * @return one line, {@code null} if there is nothing to say
	 */
	@Nullable String summary() {
		StringBuilder summary = new StringBuilder();
		List<Supplier<@Nullable String>> others;
		synchronized (this) {
			this.failing.forEach((task, text) -> append(summary, task + " fails: " + text));
			others = List.copyOf(this.remarks);
		}
		for (Supplier<@Nullable String> remark : others) {
			String text = remark.get();
			if (text != null) {
				append(summary, text);
			}
		}
		return summary.isEmpty() ? null : summary.toString();
	}

	private static void append(StringBuilder summary, String text) {
		summary.append(summary.isEmpty() ? "" : "; ").append(text);
	}

	private static String text(Throwable failure) {
		String message = failure.getMessage();
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

}
