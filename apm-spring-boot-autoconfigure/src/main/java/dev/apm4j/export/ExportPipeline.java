package dev.apm4j.export;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The way of ended segments to the tallies and to any number of backends. The thread that
 * ends a segment only puts it into a bounded queue, without a lock, without memory and
 * without waking anybody; the pipeline's own daemon thread looks there by itself, and
 * every backend has a bounded queue and a daemon thread of its own. So a backend that is
 * slow or away costs neither the application nor another backend anything, and loses only
 * what its queue can't hold.
 * <p>
 * Every accepted segment is counted by every {@link SegmentTally} exactly once, whatever
 * becomes of it. Thread-safe.
 */
public final class ExportPipeline implements SegmentSink, AutoCloseable {

	private static final Log logger = LogFactory.getLog(ExportPipeline.class);

	private static final long FLUSH_CHECK_NANOS = 1_000_000;

	/** What is left of the time for closing when the flush is over, at most. */
	private static final long MAX_GRACE_NANOS = 500_000_000;

	private final PipelineSettings settings;

	private final Ingress ingress;

	private final Tallies tallies;

	private final DropCounters dropped = new DropCounters();

	private final DropReports reports = new DropReports(logger);

	private final List<BackendWorker> workers;

	private final SegmentRouter router;

	private final Thread thread;

	private final Object lifecycle = new Object();

	private boolean started;

	private boolean closed;

	/**
	 * Creates a pipeline that takes segments at once and hands them on after
	 * {@link #start()}.
	 * @param settings its bounds and waits
	 * @param exporters the backends, see {@link BackendSelector}; may be empty: then
	 * segments are only counted
	 * @param tallies what counts every segment
	 * @param tracer the tracer of the application, so that what exporters call is not
	 * traced; asked for when the first segment has come, as it is usually built with this
	 * pipeline as its sink; may give {@code null}
	 */
	public ExportPipeline(PipelineSettings settings, List<? extends SegmentExporter> exporters,
			List<? extends SegmentTally> tallies, Supplier<? extends @Nullable ApmTracer> tracer) {
		Suppression suppression = new Suppression(tracer);
		this.settings = settings;
		this.ingress = new Ingress(settings.ingressCapacity(), settings.ingressSpans());
		this.tallies = new Tallies(List.copyOf(tallies));
		this.workers = exporters.stream()
			.map((exporter) -> new BackendWorker(exporter, settings, suppression, logger))
			.toList();
		this.router = new SegmentRouter(this.ingress, this.tallies, this.workers, settings, suppression, this.dropped,
				this.reports);
		this.thread = PipelineThreads.create("apm-pipeline", this.router);
		watchDrops();
	}

	private void watchDrops() {
		for (DropReason reason : DropReason.values()) {
			this.reports.watch(() -> this.dropped.get(reason), (count) -> count + " segments dropped for all backends ("
					+ reason.id() + "): they are counted, their detail is lost");
			for (BackendWorker worker : this.workers) {
				this.reports.watch(() -> worker.dropped(reason), (count) -> count + " segments dropped for backend '"
						+ worker.name() + "' (" + reason.id() + "): they are counted, their detail is lost");
			}
		}
		this.reports.watch(this.tallies::failures, (count) -> count
				+ " segments were not counted by a SegmentTally, which threw " + this.tallies.lastFailure());
	}

	/**
	 * Starts the threads. Does nothing if they were started before or the pipeline is
	 * closed.
	 */
	public void start() {
		synchronized (this.lifecycle) {
			if (!this.started && !this.closed) {
				startThreads();
			}
		}
	}

	private void startThreads() {
		this.started = true;
		this.workers.forEach(BackendWorker::start);
		this.thread.start();
	}

	/**
	 * Takes an ended segment, or counts it as dropped. Never blocks, never throws.
	 * @param segment the segment
	 */
	@Override
	public void accept(Segment segment) {
		try {
			if (!this.ingress.offer(segment)) {
				this.dropped.add(DropReason.INGRESS_FULL, 1);
				this.tallies.count(segment);
			}
			else if (this.router.hasEnded()) {
				this.router.rescue();
			}
		}
		catch (Throwable ex) {
			// Only a JVM in trouble gets here (no stack, no heap), and the thread belongs
			// to a request.
		}
	}

	/**
	 * Waits until every segment that was accepted so far has been sent or dropped by
	 * every backend; batches do not wait to be filled meanwhile, but pauses after
	 * failures and the wait for open spans are kept.
	 * @param timeout how long to wait at most
	 * @return {@code false} if the time was over or the thread interrupted before
	 */
	public boolean flush(Duration timeout) {
		Deadline deadline = Deadline.in(timeout);
		long accepted = this.ingress.accepted();
		LockSupport.unpark(this.thread);
		while (this.router.routed() < accepted) {
			if (!waitFor(deadline)) {
				return false;
			}
		}
		long[] added = this.workers.stream().mapToLong(BackendWorker::added).toArray();
		for (int i = 0; i < added.length; i++) {
			while (!this.workers.get(i).isDone(added[i])) {
				if (!waitFor(deadline)) {
					return false;
				}
			}
		}
		return true;
	}

	private static boolean waitFor(Deadline deadline) {
		LockSupport.parkNanos(FLUSH_CHECK_NANOS);
		return !deadline.isOver() && !Thread.currentThread().isInterrupted();
	}

	/**
	 * Closes the pipeline within {@link PipelineSettings#shutdownTimeout()}.
	 */
	@Override
	public void close() {
		close(this.settings.shutdownTimeout());
	}

	/**
	 * Sends what is there, closes the exporters and ends the threads. A backend that
	 * fails now is not tried again; what is left when the time is over is counted as
	 * {@link DropReason#SHUTDOWN}, and an exporter that hangs is interrupted and left
	 * behind. Segments that end later are counted as {@link DropReason#CLOSED}. Does
	 * nothing the second time.
	 * @param timeout how long it may take at most
	 */
	public void close(Duration timeout) {
		synchronized (this.lifecycle) {
			if (this.closed) {
				return;
			}
			this.closed = true;
			if (!this.started) {
				// A short job may end before anybody came to start them.
				startThreads();
			}
			Deadline end = Deadline.in(timeout);
			Deadline flushed = end.earlierBy(Math.min(MAX_GRACE_NANOS, end.remainingNanos() / 5));
			this.router.close();
			LockSupport.unpark(this.thread);
			if (!flushed.join(this.thread)) {
				this.thread.interrupt();
			}
			this.workers.forEach((worker) -> worker.close(flushed, end));
			this.workers.forEach((worker) -> worker.awaitEnd(flushed, end));
			if (end.join(this.thread)) {
				this.reports.log(System.nanoTime());
			}
			else {
				logger.warn("The pipeline did not finish in time and was left behind");
			}
		}
	}

	/**
	 * The backends, in the order in which they were given.
	 * @return the backends, for meters and health
	 */
	public List<Backend> backends() {
		return List.copyOf(this.workers);
	}

	/**
	 * How many segments were lost for all backends.
	 * @param reason {@link DropReason#INGRESS_FULL} or {@link DropReason#CLOSED}
	 * @return the number of segments since the start; 0 for the other reasons, which each
	 * backend counts
	 */
	public long dropped(DropReason reason) {
		return this.dropped.get(reason);
	}

	/**
	 * How many segments are between the request threads and the pipeline's.
	 * @return the number of segments
	 */
	public int ingressSize() {
		return this.ingress.size();
	}

	/**
	 * How many segments may be there.
	 * @return the number of segments
	 */
	public int ingressCapacity() {
		return this.ingress.capacity();
	}

	/**
	 * How many segments wait for spans that are still open.
	 * @return the number of segments
	 */
	public int waiting() {
		return this.router.waiting();
	}

	/**
	 * How many segments went on without such spans.
	 * @return the number of segments since the start
	 */
	public long late() {
		return this.router.late();
	}

	/**
	 * All of it at once, for the actuator endpoint.
	 * @return a snapshot
	 */
	public PipelineStatus status() {
		return new PipelineStatus(ingressSize(), ingressCapacity(), this.ingress.spans(), this.ingress.accepted(),
				waiting(), late(), this.dropped.snapshot(), this.workers.stream().map(BackendWorker::status).toList());
	}

}
