package dev.apm4j.trace.kit;

import java.util.List;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

/**
 * One tracer with its propagator and everything it reported so far.
 */
public interface TracerUnderTest extends AutoCloseable {

	/**
	 * Returns the tracer.
	 * @return always the same instance
	 */
	Tracer tracer();

	/**
	 * Returns the propagator that belongs to the tracer. It has to read and write at
	 * least W3C trace context ({@code traceparent}), the {@code baggage} header, and each
	 * remote baggage field as a header of its own.
	 * @return always the same instance
	 */
	Propagator propagator();

	/**
	 * Returns the spans reported so far, in the order of their reporting. A tracer that
	 * reports asynchronously flushes first if it can; the kit waits up to ten seconds for
	 * spans that it expects.
	 * @return a copy
	 */
	List<RecordedSpan> finishedSpans();

	@Override
	void close();

}
