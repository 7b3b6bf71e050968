package dev.apm4j.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The work of one request, job run or message in this process: a root span and everything
 * below it, numbered from 0. It is what SkyWalking calls a segment and WhaTap a
 * transaction.
 * <p>
 * Spans are added by any thread without a lock. A segment is handed to the
 * {@link SegmentSink} when its root ends; spans that are still open on other threads at
 * that time may end until {@link #seal()} is called. What starts after that goes into a
 * new segment that refers to this one.
 */
public final class Segment {

	private static final VarHandle LAST;

	private static final VarHandle DROPPED;

	private static final VarHandle PROGRESS;

	private static final VarHandle CALLS;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			LAST = lookup.findVarHandle(Segment.class, "last", ApmSpan.class);
			DROPPED = lookup.findVarHandle(Segment.class, "droppedSpans", int.class);
			PROGRESS = lookup.findVarHandle(Segment.class, "progress", byte.class);
			CALLS = lookup.findVarHandle(Segment.class, "calls", CallStatistics.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private static final byte OPEN = 0;

	private static final byte HANDED_OVER = 1;

	private static final byte SEALED = 2;

	private static final byte DECIDED = 3;

	/** Above this an attribute counts for {@link #weight()}. */
	static final int LONG_TEXT = 256;

	private static final int TEXT_OF_A_SPAN = 256;

	/** With it an id has 256 characters, and no backend has room for more. */
	private static final int LONGEST_TRACE_ID = 256 - 17;

	/** Kinds of calls that are told apart. */
	static final int MAX_CALLS = 256;

	/** What became of a span that was to be added. */
	enum Addition {

		ADDED, FULL, SEALED

	}

	private final ApmSpan root;

	private final @Nullable PropagatedContext cause;

	private final long traceIdHigh;

	private final long traceIdLow;

	private @Nullable String traceId;

	private final boolean sampled;

	private final boolean recording;

	private final boolean counted;

	/**
	 * What has to be added to a {@link System#nanoTime()} to get nanoseconds since the
	 * epoch. Found out when the root starts, which has just read the clock: another
	 * reading would cost as much as all the rest of making a segment.
	 */
	private long clockOffset;

	/** The span that was added last; each span points to the one before it. */
	@SuppressWarnings("unused")
	private volatile ApmSpan last;

	/**
	 * The kind of calls that was made last for the first time, which leads to the rest.
	 */
	private volatile @Nullable CallStatistics calls;

	/** Characters of attributes that are longer than usual. */
	private int longTexts;

	private volatile byte progress = OPEN;

	private volatile int droppedSpans;

	private @Nullable KeepReason keepReason;

	Segment(ApmTracer tracer, ApmSpan root, @Nullable PropagatedContext cause, boolean paused) {
		this.root = root;
		this.cause = cause;
		if (cause != null && cause.hasTrace()) {
			// Ids that are numbers are kept as such; a free string is kept as it is.
			String id = cause.traceId();
			boolean number = TraceIds.isNumber(id);
			UUID hash = number ? null : TraceIds.hash(id);
			this.traceIdHigh = (hash != null) ? hash.getMostSignificantBits() : TraceIds.parse(id, 0, 16);
			this.traceIdLow = (hash != null) ? hash.getLeastSignificantBits() : TraceIds.parse(id, 16, 32);
			this.traceId = id;
		}
		else {
			this.traceIdHigh = TraceIds.random();
			this.traceIdLow = TraceIds.random();
		}
		Boolean callersDecision = (cause != null) ? cause.sampled() : null;
		Sampler sampler = tracer.sampler();
		if (paused) {
			this.sampled = Boolean.TRUE.equals(callersDecision);
			this.counted = false;
			this.recording = false;
		}
		else {
			long nowNanos = sampler.hasCap() ? System.nanoTime() : 0;
			if (callersDecision == null) {
				this.sampled = sampler.sample(this.traceIdLow, nowNanos);
			}
			else {
				this.sampled = callersDecision;
				if (callersDecision && cause != null && !cause.local()) {
					sampler.countForced(nowNanos);
				}
			}
			this.counted = true;
			this.recording = this.sampled || sampler.policy().decidesAtEnd();
		}
		this.last = root;
	}

	ApmTracer tracer() {
		return this.root.tracer();
	}

	/**
	 * The root span.
	 * @return span 0
	 */
	public SpanData root() {
		return this.root;
	}

	ApmSpan rootSpan() {
		return this.root;
	}

	/**
	 * The span that this segment continues: of the calling process, or of another segment
	 * in this one.
	 * @return the cause, or {@code null} if the trace starts here
	 */
	public @Nullable PropagatedContext cause() {
		return this.cause;
	}

	/**
	 * The id of the segment, unique among all processes.
	 * @return the trace id, or {@link #traceIdHex()} if that is long, and the root's span
	 * id, joined by a dot; at most 256 characters
	 */
	public String id() {
		String trace = traceId();
		return ((trace.length() <= LONGEST_TRACE_ID) ? trace : traceIdHex()) + "." + this.root.spanId();
	}

	/**
	 * The trace id.
	 * @return 32 lower-case hexadecimal digits, or the free string that arrived in
	 * {@code sw8}
	 */
	public String traceId() {
		String id = this.traceId;
		if (id == null) {
			id = TraceIds.toHex(this.traceIdHigh, this.traceIdLow);
			this.traceId = id;
		}
		return id;
	}

	/**
	 * The trace id for formats that know only numbers.
	 * @return 32 lower-case hexadecimal digits; for a free string a hash of it
	 */
	public String traceIdHex() {
		String id = traceId();
		return TraceIds.isNumber(id) ? id : TraceIds.toHex(this.traceIdHigh, this.traceIdLow);
	}

	/**
	 * Writes {@link #traceIdHex()} into a buffer, without a string in between.
	 * @param target the buffer, ISO-8859-1
	 * @param offset where the first of the 32 digits goes
	 */
	public void writeTraceIdHex(byte[] target, int offset) {
		TraceIds.write(target, offset, this.traceIdHigh);
		TraceIds.write(target, offset + 16, this.traceIdLow);
	}

	/**
	 * The rightmost 64 bits of {@link #traceIdHex()}, for formats that know no more.
	 * @return the bits, which may all be 0 although the trace id is not
	 */
	public long traceIdLow() {
		return this.traceIdLow;
	}

	/**
	 * The id of the root span as a number.
	 * @return the id, not 0
	 */
	public long rootSpanId() {
		return this.root.spanIdNumber();
	}

	/**
	 * Whether the last 7 bytes of the trace id are known to be random (the random flag of
	 * W3C Trace Context level 2).
	 * @return {@code true} if the trace began here or its caller said so
	 */
	public boolean randomTraceId() {
		PropagatedContext given = this.cause;
		return given == null || !given.hasTrace() || given.randomTraceId();
	}

	/**
	 * The head decision, which travels in the propagated headers.
	 * @return whether the trace is sampled
	 */
	public boolean sampled() {
		return this.sampled;
	}

	/** Whether spans below the root are recorded. */
	boolean recording() {
		return this.recording;
	}

	/**
	 * Whether the root is recorded and the segment handed to the {@link SegmentSink}.
	 * @return {@code false} for a stand-in of a span elsewhere, and while recording is
	 * paused: no backend will ever know this segment
	 */
	public boolean counted() {
		return this.counted;
	}

	/**
	 * Why the segment is kept in full.
	 * @return the reason, or {@code null} if it is only counted; known only after
	 * {@link #seal()}, to other threads than its caller when {@link #isDecided()}
	 */
	public @Nullable KeepReason keepReason() {
		return this.keepReason;
	}

	/**
	 * How many spans were not recorded because the segment was full.
	 * @return the number of spans
	 */
	public int droppedSpans() {
		return this.droppedSpans;
	}

	/**
	 * Whether any recorded span failed.
	 * @return whether an ended span has an error
	 */
	public boolean failed() {
		for (ApmSpan span = this.last; span != null; span = span.previousInSegment()) {
			if (span.isEnded() && span.isFailed()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether every span that was started has ended.
	 * @return {@code false} while work on other threads is open
	 */
	public boolean isComplete() {
		for (ApmSpan span = this.last; span != null; span = span.previousInSegment()) {
			if (span.isOpen()) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Closes the segment: spans that end from now on are lost for it, spans that start
	 * from now on go into a new segment, and the {@link #keepReason()} is decided. To be
	 * called once, by the one consumer of the {@link SegmentSink}.
	 */
	public void seal() {
		this.progress = SEALED;
		for (CallStatistics each = this.calls; each != null; each = each.next()) {
			each.seal(this);
		}
		this.keepReason = tracer().sampler().keep(this);
		this.progress = DECIDED;
	}

	/**
	 * Whether {@link #seal()} has been done, so that {@link #keepReason()} is known. Any
	 * thread may ask.
	 * @return {@code false} for a segment that goes on, that waits for open spans, or
	 * that the consumer has dropped unseen
	 */
	public boolean isDecided() {
		return this.progress == DECIDED;
	}

	/**
	 * The finished spans.
	 * @return the spans in the order of their numbers, beginning with the root; a new
	 * list
	 */
	public List<SpanData> spans() {
		List<SpanData> spans = new ArrayList<>(size());
		for (ApmSpan span = this.last; span != null; span = span.previousInSegment()) {
			if (span.isEnded()) {
				spans.add(span);
			}
		}
		Collections.reverse(spans);
		return spans;
	}

	/**
	 * What the segment is doing now, as far as spans tell. For any thread at any time.
	 * @return of the spans that are open the one that was started last, which may have
	 * ended by the time that it is returned; {@code null} if none is open
	 */
	public @Nullable SpanData newestOpenSpan() {
		for (ApmSpan span = this.last; span != null; span = span.previousInSegment()) {
			if (span.isOpen()) {
				return span;
			}
		}
		return null;
	}

	/**
	 * How many spans were started.
	 * @return the number of spans, those that are open or were abandoned included
	 */
	public int size() {
		return this.last.number() + 1;
	}

	/**
	 * How much memory the segment holds, for queues that bound it.
	 * @return about the number of spans of usual size that need as much
	 */
	public int weight() {
		return size() + this.longTexts / TEXT_OF_A_SPAN;
	}

	/** Two threads at once may lose a little of it, which an estimate can bear. */
	void addLongText(int length) {
		this.longTexts += length;
	}

	/**
	 * How often the segment made which calls, whether they have spans or not.
	 * @return one entry for each kind of calls, the one that was made first in front; not
	 * to be changed
	 */
	public List<CallStatistics> calls() {
		CallStatistics first = this.calls;
		if (first == null) {
			return List.of();
		}
		List<CallStatistics> list = new ArrayList<>();
		for (CallStatistics each = first; each != null; each = each.next()) {
			list.add(each);
		}
		Collections.reverse(list);
		return list;
	}

	/** The entry for a kind of calls; the search is short, as few kinds repeat. */
	CallStatistics callsOf(SpanTemplate template, int threshold) {
		while (true) {
			CallStatistics first = this.calls;
			int size = 0;
			for (CallStatistics each = first; each != null; each = each.next()) {
				if (each.template() == template) {
					return each;
				}
				size++;
			}
			boolean full = size >= MAX_CALLS;
			if (full && first != null && first.template() == null) {
				return first;
			}
			CallStatistics created = full ? new CallStatistics(null, 0, first)
					: new CallStatistics(template, threshold, first);
			if (CALLS.compareAndSet(this, first, created)) {
				if (isSealed()) {
					// Nobody may count here what nobody will look at.
					created.close();
				}
				return created;
			}
		}
	}

	/** Leaves one span to stand for all of a kind, and takes the others out. */
	@Nullable ApmSpan merge(SpanTemplate template) {
		ApmSpan first = null;
		for (ApmSpan span = this.last; span != null; span = span.previousInSegment()) {
			if (span.template() == template && span.isEnded() && !span.isFailed() && span != this.root) {
				if (first != null) {
					first.standAside(span);
				}
				first = span;
			}
		}
		return first;
	}

	Addition add(ApmSpan span) {
		if (isSealed()) {
			return Addition.SEALED;
		}
		int limit = tracer().limits().spans();
		ApmSpan before;
		do {
			before = this.last;
			if (before.number() + 1 >= limit) {
				DROPPED.getAndAdd(this, 1);
				return Addition.FULL;
			}
			span.joinAfter(before);
		}
		while (!LAST.weakCompareAndSet(this, before, span));
		return Addition.ADDED;
	}

	/** Hands the segment over once, whichever thread ends the root first. */
	void rootEnded() {
		if (this.counted && PROGRESS.compareAndSet(this, OPEN, HANDED_OVER)) {
			tracer().sink().accept(this);
		}
	}

	boolean isSealed() {
		return this.progress >= SEALED;
	}

	/** Fixes the relation to the wall clock, unless a time was converted already. */
	void fixClock(long nowNanos) {
		if (this.clockOffset == 0) {
			this.clockOffset = tracer().clock().offset(nowNanos);
		}
	}

	private long clockOffset() {
		if (this.clockOffset == 0) {
			fixClock(System.nanoTime());
		}
		return this.clockOffset;
	}

	long toEpochNanos(long nanoTime) {
		return nanoTime + clockOffset();
	}

	long toNanoTime(long epochNanos) {
		return epochNanos - clockOffset();
	}

	@Override
	public String toString() {
		return "Segment[" + id() + ", spans=" + size() + "]";
	}

}
