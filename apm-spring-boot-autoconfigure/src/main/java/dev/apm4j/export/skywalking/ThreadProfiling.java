package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.skywalking.proto.ProfileTaskCommandQuery;
import dev.apm4j.skywalking.proto.ProfileTaskFinishReport;
import dev.apm4j.skywalking.proto.ThreadSnapshot;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ScopeListener;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Profiles threads when the server asks for it: while a task goes on, the thread that
 * works for a segment of the endpoint is looked at every few milliseconds, and its stacks
 * are sent. One task goes on at a time; without one, a segment and a change of the
 * current span cost the read of a field each.
 */
public final class ThreadProfiling implements SkyWalkingBackend.Feature, SegmentSink, ScopeListener {

	/** Rhythm of the Java agent. */
	static final Duration POLL_INTERVAL = Duration.ofSeconds(20);

	/** Size of the Java agent's buffer. */
	static final int MAX_SNAPSHOTS = 4500;

	private static final int MAX_BATCH = 300;

	private static final Duration WORK_INTERVAL = Duration.ofMillis(500);

	private static final Log logger = LogFactory.getLog(ThreadProfiling.class);

	private final Duration pollInterval;

	private final ProfileTaskInbox inbox = new ProfileTaskInbox();

	private final Queue<ThreadSnapshot> snapshots = new ArrayBlockingQueue<>(MAX_SNAPSHOTS);

	/** Taken from the buffer but not sent yet. */
	private final List<ThreadSnapshot> batch = new ArrayList<>();

	/** Tasks whose end is still to be said. */
	private final Deque<ProfileTask> finished = new ArrayDeque<>();

	private final LongAdder dropped = new LongAdder();

	private final Object lifecycle = new Object();

	private boolean closed;

	private volatile @Nullable ProfileRun run;

	/**
	 * Creates the feature.
	 */
	public ThreadProfiling() {
		this(POLL_INTERVAL);
	}

	ThreadProfiling(Duration pollInterval) {
		this.pollInterval = pollInterval;
	}

	@Override
	public void started(Segment segment) {
		ProfileRun active = this.run;
		if (active != null) {
			active.started(segment);
		}
	}

	@Override
	public void currentSpanChanged(@Nullable ApmSpan before, @Nullable ApmSpan span) {
		ProfileRun active = this.run;
		if (active != null) {
			active.moved(before, span);
		}
	}

	/** Only what is left and what is entered together tell something here. */
	@Override
	public void currentSpanChanged(@Nullable ApmSpan span) {
	}

	/** The sampling thread sees by itself that a segment has ended. */
	@Override
	public void accept(Segment segment) {
	}

	@Override
	public void start(SkyWalkingBackend backend) {
		backend.notices().add(this.inbox::remark);
		backend.notices().add(this::remark);
		backend.schedule().periodic("profile tasks", this.pollInterval, () -> poll(backend));
		backend.schedule().periodic("thread profiling", WORK_INTERVAL, () -> work(backend));
	}

	private @Nullable String remark() {
		ProfileRun active = this.run;
		long lost = this.dropped.sum();
		String runs = (active != null) ? "profiling " + CommandArguments.shown(active.task().endpoint()) : null;
		return (lost == 0) ? runs : ((runs != null) ? runs + ", " : "") + lost + " thread snapshots dropped";
	}

	private void poll(SkyWalkingBackend backend) throws Exception {
		this.inbox.take(backend.transport()
			.profileTasks(ProfileTaskCommandQuery.newBuilder()
				.setService(backend.identity().service())
				.setServiceInstance(backend.identity().instance())
				.setLastCommandTime(this.inbox.lastCommandTime())
				.build()), System.currentTimeMillis());
	}

	/** Only on the schedule's thread. */
	private void work(SkyWalkingBackend backend) throws Exception {
		finishRun();
		beginRun();
		sendSnapshots(backend.transport());
		// Not before all its stacks were sent.
		for (ProfileTask task = this.finished.peek(); task != null; task = this.finished.peek()) {
			reportFinish(backend, task);
			this.finished.remove();
		}
	}

	private void finishRun() {
		ProfileRun active = this.run;
		if (active != null && active.isDone()) {
			this.run = null;
			this.finished.add(active.task());
		}
	}

	private void beginRun() {
		synchronized (this.lifecycle) {
			if (this.closed || this.run != null) {
				return;
			}
			ProfileTask task = this.inbox.due(System.currentTimeMillis());
			if (task != null) {
				logger.info("SkyWalking profiles " + CommandArguments.shown(task.endpoint()) + " for "
						+ Duration.ofMillis(task.duration()).toMinutes() + " minutes at most");
				ProfileRun next = new ProfileRun(task, this::offer);
				next.start();
				this.run = next;
			}
		}
	}

	private boolean offer(ThreadSnapshot snapshot) {
		boolean added = this.snapshots.offer(snapshot);
		if (!added) {
			this.dropped.increment();
		}
		return added;
	}

	private void sendSnapshots(SkyWalkingTransport transport) throws Exception {
		fillBatch();
		// No more than a full buffer: others share this thread.
		for (int sent = 0; sent < MAX_SNAPSHOTS && !this.batch.isEmpty(); sent += MAX_BATCH) {
			try {
				transport.snapshots(this.batch);
			}
			catch (ExportRejectedException ex) {
				this.dropped.add(ex.rejectedOf(this.batch.size()));
				this.batch.clear();
				throw ex;
			}
			catch (UnsupportedSignalException ex) {
				this.dropped.add(this.batch.size());
				this.batch.clear();
				throw ex;
			}
			this.batch.clear();
			fillBatch();
		}
	}

	private void fillBatch() {
		while (this.batch.size() < MAX_BATCH) {
			ThreadSnapshot next = this.snapshots.poll();
			if (next == null) {
				return;
			}
			this.batch.add(next);
		}
	}

	private static void reportFinish(SkyWalkingBackend backend, ProfileTask task) throws Exception {
		try {
			backend.transport()
				.profileTaskFinished(ProfileTaskFinishReport.newBuilder()
					.setService(backend.identity().service())
					.setServiceInstance(backend.identity().instance())
					.setTaskId(task.id())
					.build());
		}
		catch (ExportRejectedException ex) {
			// The server has forgotten the task: there is nobody to tell.
			logger.debug("The end of a profile task was refused", ex);
		}
	}

	@Override
	public void end(SkyWalkingBackend backend, Duration timeout) {
		ProfileRun active;
		synchronized (this.lifecycle) {
			this.closed = true;
			active = this.run;
			this.run = null;
		}
		if (active != null) {
			active.stop(timeout);
		}
		this.snapshots.clear();
	}

}
