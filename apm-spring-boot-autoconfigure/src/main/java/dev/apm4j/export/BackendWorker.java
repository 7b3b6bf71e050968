package dev.apm4j.export;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.micrometer.tracing.Tracer;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * One backend: its queue, and the thread that makes batches of it, sends them and tries
 * again. Whatever the exporter does, only this thread suffers.
 */
final class BackendWorker implements Backend, Runnable {

	private final SegmentExporter exporter;

	private final String name;

	private final PipelineSettings settings;

	private final Suppression suppression;

	private final Log logger;

	private final BackendQueue queue;

	private final BackendLedger ledger;

	private final Backoff backoff;

	private final Thread thread;

	/** Whether the thread has found its queue empty and only looks again when woken. */
	private volatile boolean asleep;

	/** Segments up to this one are sent without waiting for a full batch. */
	private volatile long hurryTo;

	/** Set when closing: when the last attempt may begin. */
	private volatile @Nullable Deadline flushing;

	private volatile @Nullable Deadline closing;

	/**
	 * Set when the thread did not end in time: it has nothing to account for any more.
	 */
	private boolean abandoned;

	BackendWorker(SegmentExporter exporter, PipelineSettings settings, Suppression suppression, Log logger) {
		this.exporter = exporter;
		this.name = exporter.name();
		this.settings = settings;
		this.suppression = suppression;
		this.logger = logger;
		this.queue = new BackendQueue(settings);
		this.ledger = new BackendLedger(this.name, logger);
		this.backoff = new Backoff(settings.retryInitial(), settings.retryMax());
		this.thread = PipelineThreads.create("apm-export-" + this.name, this);
	}

	void start() {
		this.thread.start();
	}

	/** Takes a segment if there is room. Called by the pipeline's thread only. */
	void offer(KeptSegment segment) {
		this.ledger.offered();
		if (this.ledger.state() == BackendState.CLOSED) {
			this.ledger.dropped(DropReason.SHUTDOWN, 1);
		}
		else if (!this.queue.offer(segment)) {
			this.ledger.dropped(DropReason.QUEUE_FULL, 1);
		}
	}

	/**
	 * Makes the thread look at its queue, unless it will do so by itself: while it waits
	 * for a batch to fill, only a full one concerns it.
	 */
	void signal() {
		// What was offered must be seen by a thread that is not seen asleep.
		VarHandle.fullFence();
		if (this.asleep || this.queue.hasFullBatch()) {
			wake();
		}
	}

	private void wake() {
		LockSupport.unpark(this.thread);
	}

	/** Whether all of the first {@code count} segments in the queue are done with. */
	boolean isDone(long count) {
		if (this.queue.done() >= count) {
			return true;
		}
		if (this.hurryTo < count) {
			this.hurryTo = count;
			wake();
		}
		return false;
	}

	/** How many segments ever got into the queue. */
	long added() {
		return this.queue.added();
	}

	/**
	 * Makes the thread send what is left, close the exporter and end.
	 * @param flushUntil when the last attempt may begin
	 * @param closeUntil when the exporter has to be closed
	 */
	void close(Deadline flushUntil, Deadline closeUntil) {
		this.closing = closeUntil;
		this.flushing = flushUntil;
		wake();
	}

	/**
	 * Waits for the thread to end, and goes on without it if it does not.
	 */
	void awaitEnd(Deadline flushUntil, Deadline closeUntil) {
		if (!flushUntil.join(this.thread)) {
			this.thread.interrupt();
			if (!closeUntil.join(this.thread)) {
				abandon();
			}
		}
	}

	private synchronized void abandon() {
		this.abandoned = true;
		dropRest();
		this.ledger.closed();
		this.logger.warn("Backend '" + this.name + "' did not finish in time and was left behind");
	}

	@Override
	public void run() {
		try {
			sendAll();
		}
		catch (Throwable ex) {
			this.logger.error("Backend '" + this.name + "' ended because of an error in the pipeline", ex);
		}
		finally {
			finish();
		}
	}

	private void sendAll() {
		while (true) {
			// An interrupt that was not ours would make every wait return at once.
			Thread.interrupted();
			Deadline end = this.flushing;
			KeptSegment oldest = this.queue.peek();
			if (oldest == null) {
				if (end != null) {
					return;
				}
				sleep();
			}
			else if (end != null && end.isOver()) {
				return;
			}
			else {
				long wait = (end != null || this.queue.done() < this.hurryTo || this.queue.hasFullBatch()) ? 0
						: this.settings.linger().toNanos() - (System.nanoTime() - oldest.arrivedNanos());
				if (wait > 0) {
					LockSupport.parkNanos(this, wait);
				}
				else if (!deliver(this.queue.take())) {
					return;
				}
			}
		}
	}

	private void sleep() {
		this.asleep = true;
		if (this.queue.peek() == null && this.flushing == null) {
			LockSupport.park(this);
		}
		this.asleep = false;
	}

	/**
	 * Sends a batch, as often as it takes.
	 * @return {@code false} if there is no point in going on
	 */
	private boolean deliver(BackendQueue.Batch batch) {
		Deadline giveUp = Deadline.in(this.settings.retryMaxAge());
		while (true) {
			boolean last = this.flushing != null;
			Throwable failure = attempt(batch);
			if (failure == null) {
				this.backoff.reset();
				return settle(batch, null, null);
			}
			if (failure instanceof ExportRejectedException rejection) {
				return settle(batch, rejection);
			}
			Deadline end = this.flushing;
			if (last || (end != null && end.isOver())) {
				// One batch more would only make the shutdown of the application longer.
				settle(batch, DropReason.SHUTDOWN, failure);
				return false;
			}
			boolean exhausted = giveUp.isOver();
			if (!settle(exhausted ? batch : null, DropReason.RETRIES_EXHAUSTED, failure)) {
				return false;
			}
			pause(this.backoff.next());
			if (exhausted) {
				return true;
			}
		}
	}

	private @Nullable Throwable attempt(BackendQueue.Batch batch) {
		Thread.interrupted();
		try (Tracer.SpanInScope scope = this.suppression.open()) {
			this.exporter.export(batch.segments());
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	/**
	 * Books the outcome of an attempt, unless the batch was given up meanwhile.
	 * @return {@code false} if it was
	 */
	private synchronized boolean settle(BackendQueue.@Nullable Batch done, @Nullable DropReason reason,
			@Nullable Throwable failure) {
		if (this.abandoned) {
			return false;
		}
		if (failure != null) {
			this.ledger.failed(failure);
		}
		if (done != null) {
			if (failure == null) {
				this.ledger.succeeded(done.size());
			}
			else if (reason != null) {
				this.ledger.dropped(reason, done.size());
			}
			this.queue.done(done.size(), done.spans());
		}
		return true;
	}

	/**
	 * Books what was refused, and what of the same batch was not.
	 */
	private synchronized boolean settle(BackendQueue.Batch done, ExportRejectedException rejection) {
		int rejected = rejection.rejectedOf(done.size());
		if (rejected == done.size()) {
			return settle(done, DropReason.REJECTED, rejection);
		}
		if (this.abandoned) {
			return false;
		}
		this.backoff.reset();
		this.ledger.partlyRejected(rejection, done.size() - rejected, rejected);
		this.queue.done(done.size(), done.spans());
		return true;
	}

	private void pause(long nanos) {
		Deadline until = new Deadline(System.nanoTime() + nanos);
		while (this.flushing == null && !until.isOver()) {
			Thread.interrupted();
			LockSupport.parkNanos(this, until.remainingNanos());
		}
	}

	private void finish() {
		// The interrupt that cut an attempt short must not cut the closing short as well.
		Thread.interrupted();
		synchronized (this) {
			if (!this.abandoned) {
				dropRest();
			}
		}
		this.queue.clear();
		Deadline until = this.closing;
		Duration timeout = Duration.ofNanos((until != null) ? Math.max(1_000_000, until.remainingNanos()) : 1_000_000);
		try (Tracer.SpanInScope scope = this.suppression.open()) {
			this.exporter.close(timeout);
		}
		catch (Throwable ex) {
			this.logger.warn("Backend '" + this.name + "' could not be closed: " + ErrorText.of(ex));
		}
		this.ledger.closed();
	}

	private void dropRest() {
		int left = this.queue.size();
		if (left > 0) {
			this.ledger.dropped(DropReason.SHUTDOWN, left);
			this.queue.done(left, this.queue.spans());
		}
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public BackendState state() {
		return this.ledger.state();
	}

	@Override
	public int queued() {
		return this.queue.size();
	}

	@Override
	public int queueCapacity() {
		return this.queue.capacity();
	}

	@Override
	public long queuedSpans() {
		return this.queue.spans();
	}

	@Override
	public long offered() {
		return this.ledger.offeredCount();
	}

	@Override
	public long sent() {
		return this.ledger.sentCount();
	}

	@Override
	public long dropped(DropReason reason) {
		return this.ledger.drops().get(reason);
	}

	@Override
	public BackendStatus status() {
		return this.ledger.status(this.queue, notice());
	}

	private @Nullable String notice() {
		try {
			return this.exporter.notice();
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

}
