package dev.apm4j.export.skywalking;

import dev.apm4j.skywalking.proto.ThreadSnapshot;
import dev.apm4j.skywalking.proto.ThreadStack;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentReference;
import org.jspecify.annotations.Nullable;

/**
 * A running segment and the threads that are at work for it. For the sampling thread
 * only, apart from its creation and where it says so.
 */
final class WatchedSegment {

	private final Segment segment;

	/** On which it began. */
	private final Thread origin;

	private final WatchedThreads threads = new WatchedThreads();

	private final long startedNanos = System.nanoTime();

	private @Nullable String segmentId;

	private boolean continuation;

	private long sampledSinceNanos;

	private long nextNanos;

	private int sequence;

	/**
	 * Watches a segment.
	 * @param segment the segment, which begins on this thread
	 */
	WatchedSegment(Segment segment) {
		this.segment = segment;
		this.origin = Thread.currentThread();
	}

	Segment segment() {
		return this.segment;
	}

	/** A thread begins to work for the segment. For that thread to call. */
	void enter(Thread thread) {
		this.threads.enter(thread);
	}

	/** A thread does something else from now on. Any thread may call it. */
	void leave(Thread thread) {
		this.threads.leave(thread);
	}

	boolean isRunning() {
		return this.segment.root() instanceof ApmSpan root && root.isActive();
	}

	/**
	 * Whether the name of the segment, as far as it is known by now, is the given one.
	 */
	boolean isNamed(String endpoint) {
		// Cut as it is sent: the server knows no other.
		return WireText.name(OperationNames.of(this.segment.root()), WireText.MAX_OPERATION).equals(endpoint);
	}

	/**
	 * Takes away the thread on which another one has begun later: what began here goes on
	 * elsewhere, if at all. Nothing happens if the other one is a part of this, or if
	 * threads tell by themselves when they work for this.
	 */
	void yieldTo(WatchedSegment later) {
		PropagatedContext cause = later.segment.cause();
		if (later.origin == this.origin && (cause == null || !cause.local())) {
			this.threads.yieldPresumed(this.origin);
		}
	}

	/**
	 * Whether this goes on with the work of another one elsewhere. What is done on a
	 * thread that is at work for that one is seen there.
	 */
	boolean continues(WatchedSegment earlier) {
		return isCausedBy(this.segment, earlier.segment) && !earlier.threads.has(this.origin);
	}

	/**
	 * Whether a segment was begun by a span of another one in this process.
	 */
	static boolean isCausedBy(Segment segment, Segment other) {
		PropagatedContext cause = segment.cause();
		SegmentReference reference = (cause != null && cause.local()) ? cause.reference() : null;
		return reference != null && reference.segmentId().equals(other.id());
	}

	boolean hasRun(long millis, long now) {
		return now - this.startedNanos >= millis * 1_000_000;
	}

	boolean isSampled() {
		return this.segmentId != null;
	}

	/**
	 * Begins to sample.
	 * @param now as {@link System#nanoTime()}
	 * @param isContinuation whether that is because another segment is sampled
	 */
	void beginSampling(long now, boolean isContinuation) {
		this.continuation = isContinuation;
		this.segmentId = WireText.name(SegmentTranslator.segmentId(this.segment), WireText.MAX_ID);
		this.sampledSinceNanos = now;
		this.nextNanos = now;
	}

	boolean isContinuation() {
		return this.continuation;
	}

	long sampledNanos(long now) {
		return now - this.sampledSinceNanos;
	}

	/**
	 * Takes the stack if it is time.
	 * @param task the task
	 * @param frames the texts of frames
	 * @param now as {@link System#nanoTime()}
	 * @return the stack, {@code null} if it isn't time, no thread is at work, or the
	 * segment ended meanwhile
	 */
	@Nullable ThreadSnapshot sample(ProfileTask task, StackFrames frames, long now) {
		String id = this.segmentId;
		if (id == null || now - this.nextNanos < 0) {
			return null;
		}
		long period = task.dumpPeriod() * 1_000_000;
		// What could not be taken in time is not made up for.
		this.nextNanos = Math.max(this.nextNanos + period, now);
		Thread thread = this.threads.last();
		if (thread == null) {
			return null;
		}
		long time = System.currentTimeMillis();
		StackTraceElement[] stack = thread.getStackTrace();
		// The thread may be at someone else's work by now.
		if (stack.length == 0 || this.threads.last() != thread || !isRunning()) {
			return null;
		}
		return ThreadSnapshot.newBuilder()
			.setTaskId(task.id())
			.setTraceSegmentId(id)
			.setTime(time)
			.setSequence(this.sequence)
			.setStack(ThreadStack.newBuilder().addAllCodeSignatures(frames.of(stack)))
			.build();
	}

	/** The last sample is kept. */
	void sampleTaken() {
		this.sequence++;
	}

}
