package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import dev.apm4j.skywalking.proto.ThreadSnapshot;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.Segment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one profile task on a thread of its own, which ends with the task. The name
 * of a segment is known late, so every sampled segment that starts is watched until it
 * has the name or ends. Segments in which the work of a profiled one goes on are profiled
 * with it, whatever their name.
 */
final class ProfileRun implements Runnable {

	static final String THREAD_NAME = "apm-skywalking-profile";

	/** Limit of the Java agent. */
	static final int MAX_PARALLEL = 5;

	/** Limit of the Java agent for what goes on elsewhere, for each of the others. */
	static final int MAX_CONTINUED = 5 * MAX_PARALLEL;

	/** Segments that are watched at once; others can't be profiled. */
	private static final int MAX_WATCHED = 1024;

	/** Limit of the Java agent for one segment. */
	private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

	private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final Log logger = LogFactory.getLog(ProfileRun.class);

	private final ProfileTask task;

	private final Predicate<ThreadSnapshot> snapshots;

	private final MpscArrayQueue<WatchedSegment> arrivals = new MpscArrayQueue<>(MAX_WATCHED);

	private final List<WatchedSegment> watched = new ArrayList<>();

	/** The same and those that have just arrived, for the threads that work for them. */
	private final Map<Segment, WatchedSegment> bySegment = new ConcurrentHashMap<>();

	private final StackFrames frames = new StackFrames();

	private final Thread thread;

	/** Those of them that are sampled. */
	private final List<WatchedSegment> sampled = new ArrayList<>();

	/** Segments of the endpoint whose sampling began. */
	private int begun;

	private volatile boolean stopped;

	/**
	 * Prepares a run.
	 * @param task the task
	 * @param snapshots takes stacks, and says whether there was room
	 */
	ProfileRun(ProfileTask task, Predicate<ThreadSnapshot> snapshots) {
		this.task = task;
		this.snapshots = snapshots;
		this.thread = new Thread(null, this, THREAD_NAME, 0, false);
		this.thread.setDaemon(true);
	}

	ProfileTask task() {
		return this.task;
	}

	void start() {
		this.thread.start();
	}

	/**
	 * A segment begins on this thread. What isn't going to be sent is not watched.
	 */
	void started(Segment segment) {
		if (segment.sampled()) {
			WatchedSegment arrived = new WatchedSegment(segment);
			// Known before it is seen: this thread may go to work for it at once.
			this.bySegment.put(segment, arrived);
			if (!this.arrivals.offer(arrived)) {
				this.bySegment.remove(segment);
			}
		}
	}

	/**
	 * This thread works for another span than before, or for none.
	 */
	void moved(@Nullable ApmSpan before, @Nullable ApmSpan span) {
		Segment left = (before != null) ? before.owner() : null;
		Segment entered = (span != null) ? span.owner() : null;
		if (left == entered) {
			return;
		}
		WatchedSegment leaving = (left != null) ? this.bySegment.get(left) : null;
		// What is done within a segment on the same thread is a part of its time.
		if (leaving != null && (entered == null || !WatchedSegment.isCausedBy(entered, leaving.segment()))) {
			leaving.leave(Thread.currentThread());
		}
		WatchedSegment entering = (entered != null) ? this.bySegment.get(entered) : null;
		if (entering != null) {
			entering.enter(Thread.currentThread());
		}
	}

	/** Whether all stacks were taken. */
	boolean isDone() {
		return this.thread.getState() == Thread.State.TERMINATED;
	}

	/**
	 * Ends the thread.
	 * @param timeout how long to wait for it at most
	 */
	void stop(Duration timeout) {
		this.stopped = true;
		LockSupport.unpark(this.thread);
		try {
			this.thread.join(Math.max(1, timeout.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void run() {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(this.task.duration());
		long pause = Math.min(LONGEST_PAUSE_NANOS, TimeUnit.MILLISECONDS.toNanos(this.task.dumpPeriod()));
		try {
			for (long now = System.nanoTime(); !this.stopped && end - now > 0
					&& !hasEnough(); now = System.nanoTime()) {
				look(now);
				LockSupport.parkNanos(pause);
			}
		}
		catch (RuntimeException ex) {
			logger.debug("A profile task ended early", ex);
		}
	}

	private boolean hasEnough() {
		return this.begun >= this.task.maxSegments() && this.sampled.isEmpty();
	}

	/**
	 * One round, on the thread of this run.
	 * @param now as {@link System#nanoTime()}
	 */
	void look(long now) {
		for (WatchedSegment arrived = this.arrivals.poll(); arrived != null; arrived = this.arrivals.poll()) {
			for (WatchedSegment earlier : this.watched) {
				earlier.yieldTo(arrived);
			}
			if (this.watched.size() < MAX_WATCHED) {
				this.watched.add(arrived);
			}
			else {
				this.bySegment.remove(arrived.segment());
			}
		}
		remove((each) -> !each.isRunning() || isOver(each, now));
		for (WatchedSegment each : this.watched) {
			if (!each.isSampled()) {
				begin(each, now);
			}
			ThreadSnapshot snapshot = each.sample(this.task, this.frames, now);
			if (snapshot != null && this.snapshots.test(snapshot)) {
				each.sampleTaken();
			}
		}
	}

	private void begin(WatchedSegment segment, long now) {
		boolean continuation = isContinuation(segment);
		if (continuation ? count(true) < MAX_CONTINUED : isToBegin(segment, now)) {
			segment.beginSampling(now, continuation);
			this.sampled.add(segment);
			this.begun += continuation ? 0 : 1;
		}
	}

	private boolean isContinuation(WatchedSegment segment) {
		for (WatchedSegment each : this.sampled) {
			if (segment.continues(each)) {
				return true;
			}
		}
		return false;
	}

	private boolean isToBegin(WatchedSegment segment, long now) {
		return this.begun < this.task.maxSegments() && segment.hasRun(this.task.minDuration(), now)
				&& segment.isNamed(this.task.endpoint()) && count(false) < MAX_PARALLEL;
	}

	private int count(boolean continuations) {
		int count = 0;
		for (WatchedSegment each : this.sampled) {
			count += (each.isContinuation() == continuations) ? 1 : 0;
		}
		return count;
	}

	/** Also over if it has got another name. */
	private boolean isOver(WatchedSegment segment, long now) {
		return segment.isSampled() && (segment.sampledNanos(now) > LONGEST_NANOS
				|| (!segment.isContinuation() && !segment.isNamed(this.task.endpoint())));
	}

	private void remove(Predicate<WatchedSegment> condition) {
		Iterator<WatchedSegment> iterator = this.watched.iterator();
		while (iterator.hasNext()) {
			WatchedSegment each = iterator.next();
			if (condition.test(each)) {
				iterator.remove();
				this.bySegment.remove(each.segment());
				this.sampled.remove(each);
			}
		}
	}

}
