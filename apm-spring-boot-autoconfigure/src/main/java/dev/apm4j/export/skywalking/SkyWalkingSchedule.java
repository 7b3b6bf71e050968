package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that this backend does from time to time, on one daemon thread,
 * {@code apm-skywalking}. A task that fails is tried again soon, a second later at first,
 * then twice as long each time up to its rhythm, and never stops for that; only one that
 * throws {@link UnsupportedSignalException} does. What tasks call is not traced.
 * Thread-safe.
 */
public final class SkyWalkingSchedule {

	static final String THREAD_NAME = "apm-skywalking";

	private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final SkyWalkingNotices notices;

	private final Supplier<Tracer.SpanInScope> suppression;

	private final Object lifecycle = new Object();

	private final List<Job> early = new ArrayList<>();

	private @Nullable ScheduledThreadPoolExecutor executor;

	private boolean closed;

	/**
	 * Creates a schedule that runs nothing before {@link #start()}.
	 * @param notices where failures are said
	 * @param suppression opens a scope in which nothing is traced
	 */
	public SkyWalkingSchedule(SkyWalkingNotices notices, Supplier<Tracer.SpanInScope> suppression) {
		this.notices = notices;
		this.suppression = suppression;
	}

	/**
	 * Runs a task at once and then again and again.
	 * @param name what the task is called in messages, such as {@code keep-alive}
	 * @param rate from the begin of a run to the begin of the next, more than 0
	 * @param task the task; runs never overlap, and all tasks share one thread
	 */
	public void periodic(String name, Duration rate, Task task) {
		add(new Job(name, rate.toNanos(), task));
	}

	/**
	 * Runs a task until it has succeeded once.
	 * @param name what the task is called in messages
	 * @param task the task
	 */
	public void once(String name, Task task) {
		add(new Job(name, 0, task));
	}

	private void add(Job job) {
		synchronized (this.lifecycle) {
			if (this.executor == null) {
				this.early.add(job);
			}
			else {
				job.runIn(0);
			}
		}
	}

	/**
	 * Starts the thread. Does nothing the second time, or if closed before.
	 */
	public void start() {
		synchronized (this.lifecycle) {
			if (this.executor != null || this.closed) {
				return;
			}
			ScheduledThreadPoolExecutor created = new ScheduledThreadPoolExecutor(1, SkyWalkingSchedule::thread);
			created.setRemoveOnCancelPolicy(true);
			created.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
			this.executor = created;
			this.early.forEach((job) -> job.runIn(0));
			this.early.clear();
		}
	}

	private static Thread thread(Runnable runnable) {
		Thread thread = new Thread(null, runnable, THREAD_NAME, 0, false);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Interrupts what runs and ends the thread.
	 * @param timeout how long to wait for it at most
	 */
	public void close(Duration timeout) {
		ScheduledThreadPoolExecutor running;
		synchronized (this.lifecycle) {
			this.closed = true;
			running = this.executor;
		}
		if (running != null) {
			running.shutdownNow();
			try {
				running.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * What is to be done.
	 */
	@FunctionalInterface
	public interface Task {

		/**
		 * Does it.
		 * @throws UnsupportedSignalException if it can never be done
		 * @throws Exception if it is to be tried again
		 */
		void run() throws Exception;

	}

	private final class Job implements Runnable {

		private final String name;

		/** 0 for a job that is done once. */
		private final long rateNanos;

		private final Task task;

		private long retryNanos = FIRST_RETRY_NANOS;

		Job(String name, long rateNanos, Task task) {
			this.name = name;
			this.rateNanos = rateNanos;
			this.task = task;
		}

		@Override
		public void run() {
			long begin = System.nanoTime();
			try (Tracer.SpanInScope scope = SkyWalkingSchedule.this.suppression.get()) {
				this.task.run();
				SkyWalkingSchedule.this.notices.succeeded(this.name);
				this.retryNanos = FIRST_RETRY_NANOS;
				if (this.rateNanos > 0) {
					runIn(this.rateNanos - (System.nanoTime() - begin));
				}
			}
			catch (UnsupportedSignalException ex) {
				SkyWalkingSchedule.this.notices.unsupported(this.name, ex);
			}
			catch (Throwable ex) {
				if (!isClosed()) {
					SkyWalkingSchedule.this.notices.failed(this.name, ex);
					runIn(retryPause());
				}
			}
		}

		/** Shortened at random, so that many instances do not come back together. */
		private long retryPause() {
			long longest = (this.rateNanos > 0) ? Math.min(LAST_RETRY_NANOS, this.rateNanos) : LAST_RETRY_NANOS;
			long pause = Math.min(longest, this.retryNanos);
			this.retryNanos = Math.min(longest, this.retryNanos * 2);
			return pause - ThreadLocalRandom.current().nextLong(pause / 2 + 1);
		}

		void runIn(long nanos) {
			synchronized (SkyWalkingSchedule.this.lifecycle) {
				ScheduledThreadPoolExecutor running = SkyWalkingSchedule.this.executor;
				if (running != null && !SkyWalkingSchedule.this.closed) {
					running.schedule(this, Math.max(0, nanos), TimeUnit.NANOSECONDS);
				}
			}
		}

	}

	private boolean isClosed() {
		synchronized (this.lifecycle) {
			return this.closed;
		}
	}

}
