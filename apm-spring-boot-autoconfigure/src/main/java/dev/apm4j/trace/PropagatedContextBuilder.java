package dev.apm4j.trace;

import java.util.HashMap;
import java.util.Map;

import io.micrometer.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Collects a context, also from several headers of different formats: whoever calls
 * {@link #ids} first decides the trace, later formats can only add to it. Not
 * thread-safe.
 */
public final class PropagatedContextBuilder implements TraceContext.Builder {

	String traceId = "";

	long spanId;

	@Nullable String parentId;

	@Nullable Boolean sampled;

	boolean randomTraceId;

	boolean local;

	String traceState = "";

	BaggageItems baggage = BaggageItems.EMPTY;

	@Nullable SegmentReference reference;

	@Nullable TransactionReference transaction;

	/** Whether the left half of the trace id is not known yet. */
	private boolean lowHalfOnly;

	Map<String, String> extensions = Map.of();

	PropagatedContextBuilder() {
	}

	/**
	 * Whether a trace id was set already.
	 * @return whether a format has found a trace
	 */
	public boolean hasTrace() {
		return !this.traceId.isEmpty();
	}

	/**
	 * The trace and the calling span.
	 * @param newTraceId the trace id, not empty
	 * @param newSpanId the span id; 0 if the format has none
	 * @return this
	 */
	public PropagatedContextBuilder ids(String newTraceId, long newSpanId) {
		this.traceId = newTraceId;
		this.spanId = newSpanId;
		return this;
	}

	/**
	 * Takes the ids of one more format over, unless an earlier one has found another
	 * trace. The free string of {@code sw8} and the number that stands for it in other
	 * formats are the same trace: together they give the full trace id and the span id.
	 * @param newTraceId the trace id, not empty
	 * @param newSpanId the span id; 0 if the format has none
	 * @return whether the format's trace is the one that is continued
	 */
	public boolean join(String newTraceId, long newSpanId) {
		if (!hasTrace()) {
			ids(newTraceId, newSpanId);
			return true;
		}
		boolean completes = this.lowHalfOnly && TraceIds.low(newTraceId) == TraceIds.low(this.traceId);
		if (!completes && !TraceIds.sameTrace(this.traceId, newTraceId)) {
			return false;
		}
		if (completes || !TraceIds.isNumber(newTraceId)) {
			this.traceId = newTraceId;
			this.lowHalfOnly = false;
		}
		if (this.spanId == 0) {
			this.spanId = newSpanId;
		}
		return true;
	}

	/**
	 * Takes the ids of a format over that knows only the right half of a trace id, unless
	 * an earlier format has found another trace, or another span of it. The left half is
	 * zero until a later format tells it.
	 * @param traceIdLow the rightmost 64 bits of the trace id, not 0
	 * @param newSpanId the span id; 0 if unknown
	 * @return whether it is the trace, and the span, that is continued
	 */
	public boolean joinLowHalf(long traceIdLow, long newSpanId) {
		if (!hasTrace()) {
			this.lowHalfOnly = true;
			ids(TraceIds.toHex(0, traceIdLow), newSpanId);
			return true;
		}
		if (TraceIds.low(this.traceId) != traceIdLow
				|| (newSpanId != 0 && this.spanId != 0 && newSpanId != this.spanId)) {
			return false;
		}
		if (this.spanId == 0) {
			this.spanId = newSpanId;
		}
		return true;
	}

	/**
	 * Sets the caller's head decision, unless an earlier format has told it.
	 * @param newSampled the decision
	 * @return the decision in force
	 */
	public boolean decide(boolean newSampled) {
		if (this.sampled == null) {
			this.sampled = newSampled;
		}
		return this.sampled;
	}

	/**
	 * Whether nothing was found yet.
	 * @return whether there is nothing to continue
	 */
	public boolean isEmpty() {
		return this.traceId.isEmpty() && this.sampled == null && this.reference == null && this.baggage.isEmpty()
				&& this.extensions.isEmpty();
	}

	/**
	 * The baggage that was found so far.
	 * @return the baggage
	 */
	public BaggageItems baggage() {
		return this.baggage;
	}

	/**
	 * Whether a format has told of the calling segment.
	 * @return whether there is a reference
	 */
	public boolean hasReference() {
		return this.reference != null;
	}

	/**
	 * {@inheritDoc}
	 * @param traceId 32 or 16 hexadecimal digits are brought into their lower-case
	 * 32-digit form; anything else is kept as it is
	 */
	@Override
	public PropagatedContextBuilder traceId(String traceId) {
		long low = (traceId.length() == 16) ? TraceIds.parse(traceId, 0, 16)
				: (traceId.length() == 32) ? TraceIds.parse(traceId, 16, 32) : 0;
		boolean number = low != 0 && (traceId.length() == 16 || TraceIds.parse(traceId, 0, 16) != 0
				|| traceId.startsWith("0000000000000000"));
		this.traceId = !number ? traceId
				: TraceIds.toHex((traceId.length() == 16) ? 0 : TraceIds.parse(traceId, 0, 16), low);
		return this;
	}

	@Override
	public PropagatedContextBuilder parentId(@Nullable String parentId) {
		this.parentId = parentId;
		return this;
	}

	/**
	 * {@inheritDoc}
	 * @param spanId up to 16 hexadecimal digits; anything else is no span id
	 */
	@Override
	public PropagatedContextBuilder spanId(String spanId) {
		this.spanId = TraceIds.parse(spanId, 0, spanId.length());
		return this;
	}

	@Override
	public PropagatedContextBuilder sampled(@Nullable Boolean sampled) {
		this.sampled = sampled;
		return this;
	}

	/**
	 * Sets the random flag of the trace id.
	 * @param random whether the caller set it
	 * @return this
	 */
	public PropagatedContextBuilder randomTraceId(boolean random) {
		this.randomTraceId = random;
		return this;
	}

	PropagatedContextBuilder local(boolean isLocal) {
		this.local = isLocal;
		return this;
	}

	/**
	 * Sets the W3C {@code tracestate}.
	 * @param state the combined and valid header
	 * @return this
	 */
	public PropagatedContextBuilder traceState(String state) {
		this.traceState = state;
		return this;
	}

	/**
	 * Adds an item of baggage; over the bounds of {@link BaggageItems} it is ignored.
	 * @param item the item
	 * @return this
	 */
	public PropagatedContextBuilder baggage(BaggageItems.Item item) {
		this.baggage = this.baggage.with(item);
		return this;
	}

	PropagatedContextBuilder baggage(BaggageItems items) {
		this.baggage = items;
		return this;
	}

	/**
	 * Sets what {@code sw8} tells of the caller.
	 * @param segment the calling segment
	 * @return this
	 */
	public PropagatedContextBuilder reference(@Nullable SegmentReference segment) {
		this.reference = segment;
		return this;
	}

	/**
	 * Sets what WhaTap's headers tell of the caller.
	 * @param caller the calling transaction
	 * @return this
	 */
	public PropagatedContextBuilder transaction(@Nullable TransactionReference caller) {
		this.transaction = caller;
		return this;
	}

	/**
	 * Adds a value that its format passes on.
	 * @param header name of the header
	 * @param value the value, bounded by the format
	 * @return this
	 */
	public PropagatedContextBuilder extension(String header, String value) {
		Map<String, String> copy = new HashMap<>(this.extensions);
		copy.put(header, value);
		this.extensions = copy;
		return this;
	}

	PropagatedContextBuilder extensions(Map<String, String> all) {
		this.extensions = all;
		return this;
	}

	@Override
	public PropagatedContext build() {
		return new PropagatedContext(this);
	}

}
