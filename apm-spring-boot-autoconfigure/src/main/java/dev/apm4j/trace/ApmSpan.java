package dev.apm4j.trace;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * A span and its context in one object, so that a span costs one allocation and one flat
 * array of attributes.
 * <p>
 * Thread-safe. Attributes are cheapest on the thread that created the span. What is set
 * after the end is ignored. No method throws.
 */
public final class ApmSpan extends SpanRecord implements Span, TraceContext {

	private final ApmTracer tracer;

	/** {@code null} while this is being built and may still get another parent. */
	private @Nullable Segment segment;

	private @Nullable ApmSpan parent;

	private @Nullable ApmSpan previousInSegment;

	private BaggageItems baggage = BaggageItems.EMPTY;

	private int number;

	private boolean recording = true;

	ApmSpan(ApmTracer tracer, long spanId) {
		super(spanId);
		this.tracer = tracer;
	}

	/** Makes this a child of a span in this process. */
	ApmSpan childOf(ApmSpan newParent) {
		Segment parents = newParent.segment();
		this.baggage = newParent.baggage;
		if (newParent.isSuppressed()) {
			this.segment = parents;
			this.recording = false;
			markAbandoned();
			return this;
		}
		if (parents.isSealed()) {
			return rootOf(newParent.toPropagatedContext());
		}
		this.parent = newParent;
		this.segment = parents;
		this.recording = parents.recording();
		return this;
	}

	/** Makes this the root of a new segment. */
	ApmSpan rootOf(@Nullable PropagatedContext cause) {
		this.parent = null;
		this.segment = new Segment(this.tracer, this, cause, this.tracer.isPaused());
		this.recording = this.segment.counted();
		if (cause != null && !cause.baggage().isEmpty()) {
			this.baggage = cause.baggage();
		}
		return this;
	}

	/** Makes this a stand-in for a span elsewhere: it has ids but records nothing. */
	ApmSpan standInFor(PropagatedContext context) {
		this.segment = new Segment(this.tracer, this, context, true);
		this.segment.seal();
		this.recording = false;
		this.baggage = context.baggage();
		markAbandoned();
		return this;
	}

	ApmTracer tracer() {
		return this.tracer;
	}

	void joinAfter(ApmSpan before) {
		this.previousInSegment = before;
		this.number = before.number + 1;
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
			this.tracer.attachToCurrent(this);
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
		PropagatedContext.Builder context = PropagatedContext.builder()
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
			context.traceState(cause.traceState()).extensions(cause.extensions());
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
		return segment().rootSpan() == this;
	}

	/**
	 * Whether this span was started and has not ended.
	 * @return whether it is open
	 */
	public boolean isActive() {
		return isOpen();
	}

	/**
	 * Whether this stands for {@link ApmTracer#suppress()}: nothing is recorded and
	 * nothing of it may be propagated or shown.
	 * @return whether tracing is suppressed
	 */
	public boolean isSuppressed() {
		return this.tracer.isSuppression(this);
	}

	/**
	 * An item of this span's baggage.
	 * @param name the name
	 * @return the value, or {@code null}
	 */
	public @Nullable String baggage(String name) {
		return baggageItems().get(name);
	}

	/**
	 * Whether nothing of this span will be seen. The root of an unsampled segment is
	 * recorded to be counted, and yet a no-op for its user.
	 */
	@Override
	public boolean isNoop() {
		return !segment().recording() || !this.recording;
	}

	@Override
	public ApmSpan context() {
		segment();
		return this;
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
		return (this.parent != null) ? this.parent.number : -1;
	}

	/** Takes another parent, as long as this was not started. */
	void attachTo(@Nullable TraceContext context) {
		if (isNew()) {
			this.tracer.attach(this, context);
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
		ApmSpan itsParent = other.isSuppressed() ? other : other.parent;
		if (itsParent != null) {
			childOf(itsParent);
		}
		else {
			rootOf(other.segment().cause());
		}
		copyContent(other);
		return this;
	}

	@Override
	public ApmSpan start() {
		if (!isNew()) {
			return this;
		}
		Segment mine = segment();
		if (startNanos() == 0) {
			long now = System.nanoTime();
			mine.fixClock(now);
			setStartNanos(now);
		}
		markOpen();
		if (mine.rootSpan() == this) {
			rootStarted(mine);
		}
		else if (this.recording) {
			Segment.Addition addition = mine.add(this);
			if (addition == Segment.Addition.FULL) {
				this.recording = false;
			}
			else if (addition == Segment.Addition.SEALED) {
				ApmSpan cause = Objects.requireNonNull(this.parent);
				this.number = 0;
				rootOf(cause.toPropagatedContext());
				rootStarted(segment());
			}
		}
		return this;
	}

	private void rootStarted(Segment mine) {
		for (String field : this.tracer.baggageTags()) {
			tag(field, this.baggage.get(field));
		}
		if (mine.counted()) {
			this.tracer.sink().started(mine);
		}
	}

	/**
	 * Sets the time of the start, as long as this was not started.
	 * @param startTimestamp time since the epoch; 0 means now
	 * @param unit unit of the time
	 * @return this
	 */
	public ApmSpan startTimestamp(long startTimestamp, TimeUnit unit) {
		if (isNew() && startTimestamp != 0) {
			setStartNanos(segment().toNanoTime(unit.toNanos(startTimestamp)));
		}
		return this;
	}

	@Override
	public ApmSpan name(@Nullable String name) {
		if (name != null && isChangeable()) {
			rename(limits().cut(name));
		}
		return this;
	}

	/**
	 * Sets the role of the span.
	 * @param spanKind the role; {@code null} for local work
	 * @return this
	 */
	public ApmSpan kind(Span.@Nullable Kind spanKind) {
		if (isChangeable()) {
			setKind(spanKind);
		}
		return this;
	}

	@Override
	public ApmSpan event(@Nullable String value) {
		if (value != null && this.recording && isChangeable()) {
			addEvent(limits().cut(value), System.nanoTime());
		}
		return this;
	}

	@Override
	public ApmSpan event(@Nullable String value, long time, TimeUnit timeUnit) {
		if (value != null && this.recording && isChangeable()) {
			addEvent(limits().cut(value), segment().toNanoTime(timeUnit.toNanos(time)));
		}
		return this;
	}

	@Override
	public ApmSpan tag(@Nullable String key, @Nullable String value) {
		if (value != null) {
			put(key, limits().cut(value));
		}
		return this;
	}

	@Override
	public ApmSpan tag(@Nullable String key, long value) {
		return put(key, BoxedNumbers.of(value));
	}

	@Override
	public ApmSpan tag(@Nullable String key, double value) {
		return put(key, value);
	}

	@Override
	public ApmSpan tag(@Nullable String key, boolean value) {
		return put(key, value);
	}

	@Override
	public ApmSpan tagOfStrings(@Nullable String key, @Nullable List<String> values) {
		return (values != null) ? put(key, limits().cutAll(values)) : this;
	}

	@Override
	public ApmSpan tagOfLongs(@Nullable String key, @Nullable List<Long> values) {
		return (values != null) ? put(key, limits().first(values)) : this;
	}

	@Override
	public ApmSpan tagOfDoubles(@Nullable String key, @Nullable List<Double> values) {
		return (values != null) ? put(key, limits().first(values)) : this;
	}

	@Override
	public ApmSpan tagOfBooleans(@Nullable String key, @Nullable List<Boolean> values) {
		return (values != null) ? put(key, limits().first(values)) : this;
	}

	private ApmSpan put(@Nullable String key, Object value) {
		if (key != null && this.recording && isChangeable()) {
			putAttribute(key, value);
		}
		return this;
	}

	@Override
	public ApmSpan error(@Nullable Throwable throwable) {
		if (throwable != null && this.recording && isChangeable()) {
			setError(throwable);
		}
		return this;
	}

	@Override
	public ApmSpan remoteServiceName(@Nullable String remoteServiceName) {
		return tag(PeerAttributes.SERVICE, remoteServiceName);
	}

	@Override
	public ApmSpan remoteIpAndPort(@Nullable String ip, int port) {
		tag(PeerAttributes.NETWORK_ADDRESS, ip);
		return (port > 0) ? tag(PeerAttributes.NETWORK_PORT, port) : this;
	}

	/**
	 * Adds a link to a span that this one is related to but no child of.
	 * @param link the link
	 * @return this
	 */
	public ApmSpan addLink(@Nullable Link link) {
		if (link != null && this.recording && isChangeable()) {
			putLink(link);
		}
		return this;
	}

	@Override
	public void end() {
		if (isOpen()) {
			endAt(System.nanoTime());
		}
	}

	@Override
	public void end(long time, TimeUnit timeUnit) {
		if (isOpen()) {
			endAt(segment().toNanoTime(timeUnit.toNanos(time)));
		}
	}

	private void endAt(long nanoTime) {
		markEnded(nanoTime);
		Segment mine = segment();
		if (mine.rootSpan() == this) {
			mine.rootEnded();
		}
	}

	@Override
	public void abandon() {
		if (isChangeable()) {
			markAbandoned();
		}
	}

	/**
	 * The address of the other side, as far as it is known.
	 * @return {@code host:port}, a host or the name of a service; empty if unknown
	 */
	public String peer() {
		return PeerAttributes.peer(this);
	}

	/**
	 * Spans are equal if they have the same ids, whoever holds them; so a context that
	 * was rebuilt from headers equals the span it came from.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		if (other instanceof ApmSpan that) {
			return that == this || (spanIdNumber() == that.spanIdNumber() && traceId().equals(that.traceId()));
		}
		return other instanceof PropagatedContext context && context.equals(this);
	}

	@Override
	public int hashCode() {
		return Long.hashCode(spanIdNumber());
	}

	@Override
	public String toString() {
		return traceId() + "/" + spanId();
	}

}
