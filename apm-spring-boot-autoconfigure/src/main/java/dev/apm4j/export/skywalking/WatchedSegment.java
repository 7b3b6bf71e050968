package dev.apm4j.export.skywalking;

import dev.apm4j.skywalking.proto.ThreadSnapshot;
import dev.apm4j.skywalking.proto.ThreadStack;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import org.jspecify.annotations.Nullable;

/**
 * A running segment and the thread on which it began. For the sampling thread only, apart
 * from its creation.
 */
final class WatchedSegment {

	private final Segment segment;

	private final Thread thread;

	private final long startedNanos = System.nanoTime();

	private @Nullable String segmentId;

	private long sampledSinceNanos;

	private long nextNanos;

	private int sequence;

	/**
	 * Watches a segment.
	 * @param segment the segment, which begins on this thread
	 */
	WatchedSegment(Segment segment) {
		this.segment = segment;
		this.thread = Thread.currentThread();
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
	 * Whether this began on the same thread as a later one that is no part of it: then it
	 * goes on elsewhere, if at all.
	 */
	boolean isDisplacedBy(WatchedSegment later) {
		PropagatedContext cause = later.segment.cause();
		return later.thread == this.thread && (cause == null || !cause.local());
	}

	boolean hasRun(long millis, long now) {
		return now - this.startedNanos >= millis * 1_000_000;
	}

	boolean isSampled() {
		return this.segmentId != null;
	}

	void beginSampling(long now) {
		this.segmentId = WireText.name(SegmentTranslator.segmentId(this.segment), WireText.MAX_ID);
		this.sampledSinceNanos = now;
		this.nextNanos = now;
	}

	long sampledNanos(long now) {
		return now - this.sampledSinceNanos;
	}

	/**
	 * Takes the stack if it is time.
	 * @param task the task
	 * @param frames the texts of frames
	 * @param now as {@link System#nanoTime()}
	 * @return the stack, {@code null} if it isn't time or the segment ended meanwhile
	 */
	@Nullable ThreadSnapshot sample(ProfileTask task, StackFrames frames, long now) {
		String id = this.segmentId;
		if (id == null || now - this.nextNanos < 0) {
			return null;
		}
		long period = task.dumpPeriod() * 1_000_000;
		// What could not be taken in time is not made up for.
		this.nextNanos = Math.max(this.nextNanos + period, now);
		long time = System.currentTimeMillis();
		StackTraceElement[] stack = this.thread.getStackTrace();
		// The thread may be at someone else's work by now.
		if (stack.length == 0 || !isRunning()) {
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
