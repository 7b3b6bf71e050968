package dev.apm4j.trace;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * A span and its context in one object, so that a span costs one allocation and one flat
 * array of attributes.
 * <p>
 * Thread-safe. Attributes are cheapest on the thread that created the span. What is set
 * after the end is ignored. No method throws.
 */
public final class ApmSpan extends PlacedSpan implements Span {

	ApmSpan(ApmTracer tracer, long spanId) {
		super(tracer, spanId);
	}

	/**
	 * Whether this span was started and has not ended.
	 * @return whether it is open
	 */
	public boolean isActive() {
		return isOpen();
	}

	/**
	 * Whether nothing of this span will be seen. The root of an unsampled segment is
	 * recorded to be counted, and yet a no-op for its user.
	 */
	@Override
	public boolean isNoop() {
		return !segment().recording() || !isRecording();
	}

	@Override
	public ApmSpan context() {
		segment();
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
		else if (isRecording()) {
			Segment.Addition addition = mine.add(this);
			if (addition == Segment.Addition.FULL) {
				stopRecording();
			}
			else if (addition == Segment.Addition.SEALED) {
				leaveSealedSegment();
				rootStarted(segment());
			}
		}
		return this;
	}

	private void rootStarted(Segment mine) {
		for (String field : tracer().baggageTags()) {
			tag(field, baggage(field));
		}
		if (mine.counted()) {
			tracer().sink().started(mine);
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
		if (value != null && isRecording() && isChangeable()) {
			addEvent(limits().cut(value), System.nanoTime());
		}
		return this;
	}

	@Override
	public ApmSpan event(@Nullable String value, long time, TimeUnit timeUnit) {
		if (value != null && isRecording() && isChangeable()) {
			addEvent(limits().cut(value), segment().toNanoTime(timeUnit.toNanos(time)));
		}
		return this;
	}

	@Override
	public ApmSpan tag(@Nullable String key, @Nullable String value) {
		if (value == null) {
			return this;
		}
		String text = limits().cut(value);
		if (text.length() > Segment.LONG_TEXT) {
			segment().addLongText(text.length());
		}
		return put(key, text);
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
		if (key != null && isRecording() && isChangeable()) {
			putAttribute(key, value);
		}
		return this;
	}

	@Override
	public ApmSpan error(@Nullable Throwable throwable) {
		if (throwable != null && isRecording() && isChangeable()) {
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
		if (link != null && isRecording() && isChangeable()) {
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

	void endAt(long nanoTime) {
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
