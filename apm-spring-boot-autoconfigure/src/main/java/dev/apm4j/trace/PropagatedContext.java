package dev.apm4j.trace;

import java.util.Map;

import io.micrometer.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a span that isn't here: it arrived in headers, belongs to another
 * segment, or was put together through
 * {@link io.micrometer.tracing.Tracer#traceContextBuilder()}. Immutable.
 */
public final class PropagatedContext implements TraceContext {

	private final String traceId;

	private final long spanId;

	private final @Nullable String parentId;

	private final @Nullable Boolean sampled;

	private final boolean randomTraceId;

	private final boolean local;

	private final String traceState;

	private final BaggageItems baggage;

	private final @Nullable SegmentReference reference;

	private final @Nullable TransactionReference transaction;

	private final Map<String, String> extensions;

	PropagatedContext(PropagatedContextBuilder builder) {
		this.traceId = builder.traceId;
		TransactionReference caller = builder.transaction;
		// The root of the caller is better than nobody.
		this.spanId = (builder.spanId == 0 && caller != null) ? caller.txid() : builder.spanId;
		this.parentId = builder.parentId;
		this.sampled = builder.sampled;
		this.randomTraceId = builder.randomTraceId;
		this.local = builder.local;
		this.traceState = builder.traceState;
		this.baggage = builder.baggage;
		this.reference = builder.reference;
		this.transaction = caller;
		this.extensions = Map.copyOf(builder.extensions);
	}

	/**
	 * A builder without ids.
	 * @return a new builder
	 */
	public static PropagatedContextBuilder builder() {
		return new PropagatedContextBuilder();
	}

	/**
	 * The trace id, empty if none arrived.
	 */
	@Override
	public String traceId() {
		return this.traceId;
	}

	@Override
	public @Nullable String parentId() {
		return this.parentId;
	}

	/**
	 * The span id, empty if none arrived.
	 */
	@Override
	public String spanId() {
		return (this.spanId != 0) ? TraceIds.toHex(this.spanId) : "";
	}

	/**
	 * The head decision of the caller, {@code null} if it left the decision to us.
	 */
	@Override
	public @Nullable Boolean sampled() {
		return this.sampled;
	}

	/**
	 * Whether there is a trace to continue.
	 * @return {@code false} if only baggage or extensions arrived
	 */
	public boolean hasTrace() {
		return !this.traceId.isEmpty();
	}

	/**
	 * The number that {@link #spanId()} is the text of.
	 * @return the id, 0 if none arrived
	 */
	public long spanIdNumber() {
		return this.spanId;
	}

	/**
	 * The random flag of W3C Trace Context level 2: the trace id's last 7 bytes are
	 * random.
	 * @return whether the caller set the flag
	 */
	public boolean randomTraceId() {
		return this.randomTraceId;
	}

	/**
	 * Whether the span that is referred to belongs to this process.
	 * @return {@code false} if it arrived from another one
	 */
	public boolean local() {
		return this.local;
	}

	/**
	 * The W3C {@code tracestate}, to be passed on.
	 * @return the combined header, empty for none
	 */
	public String traceState() {
		return this.traceState;
	}

	/**
	 * The baggage that arrived.
	 * @return the baggage
	 */
	public BaggageItems baggage() {
		return this.baggage;
	}

	/**
	 * What {@code sw8} tells of the calling segment.
	 * @return the reference, or {@code null}
	 */
	public @Nullable SegmentReference reference() {
		return this.reference;
	}

	/**
	 * What WhaTap's headers tell of the calling transaction; where a span of this process
	 * is referred to, of the one that called its segment.
	 * @return the reference, or {@code null}
	 */
	public @Nullable TransactionReference transaction() {
		return this.transaction;
	}

	/**
	 * Values that a propagation format keeps to itself and passes on, by header name.
	 * @return the values, immutable
	 */
	public Map<String, String> extensions() {
		return this.extensions;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other == this || (other instanceof TraceContext that && !this.traceId.isEmpty()
				&& this.traceId.equals(that.traceId()) && spanId().equals(that.spanId()));
	}

	@Override
	public int hashCode() {
		return Long.hashCode(this.spanId);
	}

	@Override
	public String toString() {
		return this.traceId + "/" + spanId();
	}

}
