package dev.apm4j.trace;

import java.util.Objects;

import io.micrometer.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a span stands: its segment, its parent, its number and what it passes on.
 */
abstract sealed class PlacedSpan extends SpanRecord implements TraceContext permits ApmSpan {

	private final ApmTracer tracer;

	/** {@code null} while this is being built and may still get another parent. */
	private @Nullable Segment segment;

	private @Nullable ApmSpan parent;

	private @Nullable ApmSpan previousInSegment;

	private BaggageItems baggage = BaggageItems.EMPTY;

	private int number;

	private boolean recording = true;

	PlacedSpan(ApmTracer tracer, long spanId) {
		super(spanId);
		this.tracer = tracer;
	}

	/** Makes this a child of a span in this process. */
	ApmSpan childOf(ApmSpan newParent) {
		Segment parents = newParent.segment();
		this.baggage = newParent.baggageItems();
		if (newParent.isSuppressed()) {
			this.segment = parents;
			this.recording = false;
			markAbandoned();
			return self();
		}
		if (parents.isSealed()) {
			return rootOf(newParent.toPropagatedContext());
		}
		this.parent = newParent;
		this.segment = parents;
		this.recording = parents.recording();
		return self();
	}

	/** Makes this the root of a new segment. */
	ApmSpan rootOf(@Nullable PropagatedContext cause) {
		this.parent = null;
		this.segment = new Segment(this.tracer, self(), cause, this.tracer.isPaused());
		this.recording = this.segment.counted();
		if (cause != null && !cause.baggage().isEmpty()) {
			this.baggage = cause.baggage();
		}
		return self();
	}

	/** Makes this a stand-in for a span elsewhere: it has ids but records nothing. */
	ApmSpan standInFor(PropagatedContext context) {
		this.segment = new Segment(this.tracer, self(), context, true);
		this.segment.seal();
		this.recording = false;
		this.baggage = context.baggage();
		markAbandoned();
		return self();
	}

	ApmTracer tracer() {
		return this.tracer;
	}

	void joinAfter(ApmSpan before) {
		this.previousInSegment = before;
		this.number = before.number() + 1;
	}

	@Nullable ApmSpan previousInSegment() {
		return this.previousInSegment;
	}

	@Override
	SpanLimits limits() {
		return this.tracer.limits();
	}

	@Override
	Segment segment() {
		Segment mine = this.segment;
		if (mine == null) {
			this.tracer.attachToCurrent(self());
			mine = Objects.requireNonNull(this.segment);
		}
		return mine;
	}

	/**
	 * The baggage of this span.
	 * @return the baggage
	 */
	public BaggageItems baggageItems() {
		segment();
		return this.baggage;
	}

	void baggageItems(BaggageItems items) {
		this.baggage = items;
	}

	/**
	 * The identity of this span for a segment that it causes, without a reference to this
	 * segment, which would keep a chain of segments in memory.
	 */
	PropagatedContext toPropagatedContext() {
		Segment mine = segment();
		PropagatedContext cause = mine.cause();
		PropagatedContextBuilder context = PropagatedContext.builder()
			.ids(mine.traceId(), spanIdNumber())
			.sampled(mine.sampled())
			.baggage(this.baggage)
			.local(true)
			.parentId(parentId())
			.randomTraceId(mine.randomTraceId());
		if (mine.counted()) {
			context.reference(new SegmentReference(mine.id(), this.number, "", "", mine.rootSpan().name(), ""));
		}
		if (cause != null) {
			context.traceState(cause.traceState()).extensions(cause.extensions()).transaction(cause.transaction());
			if (!mine.counted()) {
				context.reference(cause.reference());
			}
		}
		return context.build();
	}

	/**
	 * The segment that this span belongs to.
	 * @return the segment
	 */
	public Segment owner() {
		return segment();
	}

	/**
	 * Whether this span is the root of its segment.
	 * @return whether it has number 0
	 */
	public boolean isRoot() {
		return segment().rootSpan() == self();
	}

	/**
	 * Whether this stands for {@link ApmTracer#suppress()}: nothing is recorded and
	 * nothing of it may be propagated or shown.
	 * @return whether tracing is suppressed
	 */
	public boolean isSuppressed() {
		return this.tracer.isSuppression(self());
	}

	/**
	 * An item of this span's baggage.
	 * @param name the name
	 * @return the value, or {@code null}
	 */
	public @Nullable String baggage(String name) {
		return baggageItems().get(name);
	}

	@Override
	public String traceId() {
		return segment().traceId();
	}

	@Override
	public @Nullable String parentId() {
		Segment mine = segment();
		if (this.parent != null) {
			return this.parent.spanId();
		}
		PropagatedContext cause = mine.cause();
		if (cause == null || cause.spanIdNumber() == 0) {
			return null;
		}
		// A stand-in is the span that its context names, not a child of it.
		return (cause.spanIdNumber() != spanIdNumber()) ? cause.spanId() : cause.parentId();
	}

	@Override
	public Boolean sampled() {
		return segment().sampled();
	}

	/**
	 * Writes {@link #spanId()} into a buffer, without a string in between.
	 * @param target the buffer, ISO-8859-1
	 * @param offset where the first of the 16 digits goes
	 */
	public void writeSpanId(byte[] target, int offset) {
		TraceIds.write(target, offset, spanIdNumber());
	}

	@Override
	public int number() {
		return this.number;
	}

	@Override
	public int parentNumber() {
		return (this.parent != null) ? this.parent.number() : -1;
	}

	/**
	 * Leaves the segment after the end, since another span stands for this one too: from
	 * then on below the nearest span that both were below.
	 */
	final void standAside(ApmSpan other) {
		markAbandoned();
		other.liftAbove(this.parent);
	}

	/** Moves up until it is below a span that the given one is, too, or is itself. */
	final void liftAbove(@Nullable ApmSpan span) {
		ApmSpan mine = this.parent;
		ApmSpan others = span;
		while (mine != others && mine != null && others != null) {
			if (mine.number() > others.number()) {
				mine = ((PlacedSpan) mine).parent;
			}
			else {
				others = ((PlacedSpan) others).parent;
			}
		}
		if (mine != null && mine == others) {
			this.parent = mine;
		}
	}

	final @Nullable ApmSpan parent() {
		return this.parent;
	}

	/** Takes another parent, as long as this was not started. */
	void attachTo(@Nullable TraceContext context) {
		if (isNew()) {
			this.tracer.attach(self(), context);
		}
	}

	/** Starts a trace of its own, as long as this was not started. */
	void detach() {
		if (isNew()) {
			this.baggage = BaggageItems.EMPTY;
			rootOf(null);
		}
	}

	/** Takes over the parent and the content of another span. */
	ApmSpan like(ApmSpan other) {
		ApmSpan itsParent = other.isSuppressed() ? other : ((PlacedSpan) other).parent;
		if (itsParent != null) {
			childOf(itsParent);
		}
		else {
			rootOf(other.segment().cause());
		}
		copyContent(other);
		return self();
	}

	/**
	 * Whether what is set on this span is kept. It is, too, for the root of a segment
	 * that is not sampled, which is only counted: by its name, duration and failure.
	 * @return whether anything is recorded
	 */
	public final boolean isRecording() {
		return this.recording;
	}

	final void stopRecording() {
		this.recording = false;
	}

	/** Leaves a segment that takes no more spans for a new one that refers to it. */
	final void leaveSealedSegment() {
		ApmSpan cause = Objects.requireNonNull(this.parent);
		this.number = 0;
		rootOf(cause.toPropagatedContext());
	}

	private ApmSpan self() {
		return (ApmSpan) this;
	}

}
