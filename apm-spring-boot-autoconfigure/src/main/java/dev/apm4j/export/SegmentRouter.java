package dev.apm4j.export;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Tracer;

/**
 * The pipeline's own thread: takes segments from the {@link Ingress}, waits for those
 * that are not complete, seals and counts each, and offers what is kept to every backend.
 * It never waits for a backend.
 */
final class SegmentRouter implements Runnable {

	/** So many times longer the wait gets while nothing comes. */
	private static final int IDLE_FACTOR = 5;

	/** But no longer than this, if not configured so. */
	private static final long MAX_IDLE_NANOS = 500_000_000;

	/** Segments in one go, so that the other duties have their turn under load. */
	private static final int PASS = 1024;

	private final Ingress ingress;

	private final Tallies tallies;

	private final List<BackendWorker> workers;

	private final PipelineSettings settings;

	private final Suppression suppression;

	private final DropCounters dropped;

	private final DropReports reports;

	/** Oldest first. Only the pipeline's thread touches the list. */
	private final List<Waiting> waiting = new ArrayList<>();

	private final AtomicBoolean rescuing = new AtomicBoolean();

	private long waitingSpans;

	private long taken;

	private long nextCheckNanos = System.nanoTime();

	private boolean kept;

	private long failures;

	private String lastFailure = "";

	private volatile int waitingCount;

	private volatile long late;

	private volatile long routed;

	/** How many segments are taken before the thread ends. */
	private volatile long lastNumber = Long.MAX_VALUE;

	private volatile boolean ended;

	SegmentRouter(Ingress ingress, Tallies tallies, List<BackendWorker> workers, PipelineSettings settings,
			Suppression suppression, DropCounters dropped, DropReports reports) {
		this.ingress = ingress;
		this.tallies = tallies;
		this.workers = workers;
		this.settings = settings;
		this.suppression = suppression;
		this.dropped = dropped;
		this.reports = reports;
		reports.watch(() -> this.failures,
				(count) -> "The pipeline failed " + count + " times and goes on: " + this.lastFailure);
	}

	/**
	 * Makes {@link #run()} return once all that was accepted until now is routed.
	 */
	void close() {
		this.lastNumber = this.ingress.accepted();
	}

	@Override
	public void run() {
		try {
			boolean last;
			long poll = this.settings.pollInterval().toNanos();
			long longest = Math.max(poll, Math.min(IDLE_FACTOR * poll, MAX_IDLE_NANOS));
			long wait = 0;
			do {
				last = this.lastNumber != Long.MAX_VALUE;
				if (pass(last)) {
					wait = 0;
				}
				else if (!last) {
					wait = this.waiting.isEmpty() ? Math.min(wait + poll, longest) : poll;
					LockSupport.parkNanos(this, wait);
					Thread.interrupted();
				}
			}
			while (!last || this.taken < this.lastNumber);
		}
		finally {
			this.ended = true;
			rescue();
		}
	}

	/**
	 * One round of all duties.
	 * @return whether there may be more to take at once
	 */
	private boolean pass(boolean last) {
		try (Tracer.SpanInScope scope = isIdle() ? null : this.suppression.open()) {
			boolean more = takeSegments();
			long now = System.nanoTime();
			if (last || now - this.nextCheckNanos >= 0) {
				checkWaiting(now, last);
				this.nextCheckNanos = now + this.settings.pollInterval().toNanos();
			}
			this.routed = this.waiting.isEmpty() ? this.taken : this.waiting.get(0).number();
			signal();
			this.reports.log(now);
			return more;
		}
		catch (Throwable ex) {
			this.failures++;
			this.lastFailure = ErrorText.of(ex);
			return false;
		}
	}

	private boolean isIdle() {
		return this.ingress.isEmpty() && this.waiting.isEmpty();
	}

	private boolean takeSegments() {
		for (int i = 0; i < PASS; i++) {
			Segment segment = this.ingress.poll();
			if (segment == null) {
				return i > 0;
			}
			long number = this.taken++;
			if (segment.isComplete() || this.settings.completionWait().isZero()) {
				route(segment);
			}
			else {
				await(segment, number);
			}
		}
		return true;
	}

	private void await(Segment segment, long number) {
		Waiting added = new Waiting(segment, number, segment.weight(), System.nanoTime());
		this.waiting.add(added);
		this.waitingSpans += added.spans();
		// The same weight as the queue of a backend: what waits gets there sooner or
		// later.
		while (this.waiting.size() > this.settings.completionCapacity()
				|| (this.waitingSpans > this.settings.queueSpans() && this.waiting.size() > 1)) {
			routeWaiting(this.waiting.remove(0));
		}
		this.waitingCount = this.waiting.size();
	}

	private void checkWaiting(long now, boolean last) {
		if (this.waiting.isEmpty()) {
			return;
		}
		long longest = this.settings.completionWait().toNanos();
		this.waiting.removeIf((candidate) -> {
			if (last || now - candidate.sinceNanos() >= longest || candidate.segment().isComplete()) {
				routeWaiting(candidate);
				return true;
			}
			return false;
		});
		this.waitingCount = this.waiting.size();
	}

	@SuppressWarnings("NonAtomicOperationOnVolatileField")
	private void routeWaiting(Waiting done) {
		this.waitingSpans -= done.spans();
		if (!done.segment().isComplete()) {
			this.late++;
		}
		route(done.segment());
	}

	private void route(Segment segment) {
		segment.seal();
		this.tallies.count(segment);
		if (segment.keepReason() != null && !this.workers.isEmpty()) {
			KeptSegment keptSegment = new KeptSegment(segment, segment.weight(), System.nanoTime());
			for (BackendWorker worker : this.workers) {
				worker.offer(keptSegment);
			}
			this.kept = true;
		}
	}

	private void signal() {
		if (this.kept) {
			this.kept = false;
			this.workers.forEach(BackendWorker::signal);
		}
	}

	/** Whether {@link #run()} has returned or is about to. */
	boolean hasEnded() {
		return this.ended;
	}

	/**
	 * Counts what got into the queue after the thread's last look. Whoever adds something
	 * after the end comes here, so that nothing is left uncounted.
	 */
	void rescue() {
		while (!this.ingress.isEmpty() && this.rescuing.compareAndSet(false, true)) {
			try {
				Segment segment = this.ingress.poll();
				while (segment != null) {
					this.dropped.add(DropReason.CLOSED, 1);
					this.tallies.count(segment);
					this.taken++;
					segment = this.ingress.poll();
				}
				this.routed = this.taken;
			}
			finally {
				this.rescuing.set(false);
			}
		}
	}

	/** How many of the accepted segments have left the pipeline, oldest first. */
	long routed() {
		return this.routed;
	}

	int waiting() {
		return this.waitingCount;
	}

	long late() {
		return this.late;
	}

	/**
	 * A segment with spans that are still open.
	 *
	 * @param segment the segment
	 * @param number its position among all accepted ones
	 * @param spans how many spans it had when it came
	 * @param sinceNanos when it came, a {@link System#nanoTime()}
	 */
	private record Waiting(Segment segment, long number, int spans, long sinceNanos) {
	}

}
