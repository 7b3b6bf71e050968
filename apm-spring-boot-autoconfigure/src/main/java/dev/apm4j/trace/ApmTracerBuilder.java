package dev.apm4j.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the parts of a tracer. Not thread-safe.
 */
public final class ApmTracerBuilder {

	final List<ScopeListener> listeners = new ArrayList<>();

	SegmentSink sink = (segment) -> {
	};

	SamplingPolicy sampling = SamplingPolicy.ALWAYS;

	SpanLimits limits = SpanLimits.DEFAULT;

	List<String> baggageFields = List.of();

	List<String> baggageTags = List.of();

	ApmTracerBuilder() {
	}

	/**
	 * Where ended segments go.
	 * @param segmentSink the sink
	 * @return this
	 */
	public ApmTracerBuilder sink(SegmentSink segmentSink) {
		this.sink = segmentSink;
		return this;
	}

	/**
	 * Which traces are kept.
	 * @param policy the policy
	 * @return this
	 */
	public ApmTracerBuilder sampling(SamplingPolicy policy) {
		this.sampling = policy;
		return this;
	}

	/**
	 * The bounds of a segment.
	 * @param spanLimits the bounds
	 * @return this
	 */
	public ApmTracerBuilder limits(SpanLimits spanLimits) {
		this.limits = spanLimits;
		return this;
	}

	/**
	 * Adds a listener for changes of the current span.
	 * @param listener the listener
	 * @return this
	 */
	public ApmTracerBuilder scopeListener(ScopeListener listener) {
		this.listeners.add(listener);
		return this;
	}

	/**
	 * The names of baggage that also travel in headers of their own.
	 * @param names the names
	 * @return this
	 */
	public ApmTracerBuilder baggageFields(List<String> names) {
		this.baggageFields = names;
		return this;
	}

	/**
	 * The names of baggage that becomes attributes of the first span of each segment.
	 * @param names the names
	 * @return this
	 */
	public ApmTracerBuilder baggageTags(List<String> names) {
		this.baggageTags = names;
		return this;
	}

	/**
	 * Builds the tracer.
	 * @return a new tracer
	 */
	public ApmTracer build() {
		return new ApmTracer(this);
	}

}
