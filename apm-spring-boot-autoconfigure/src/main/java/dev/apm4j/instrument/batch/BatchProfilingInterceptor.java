package dev.apm4j.instrument.batch;

import java.util.function.Supplier;

import dev.apm4j.annotation.BatchProfiling;
import dev.apm4j.instrument.SpanInterceptor;
import dev.apm4j.instrument.TracedMethod;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * A segment for each call of a {@link BatchProfiling} method. One that is called inside a
 * trace refers to the span that was current.
 */
public final class BatchProfilingInterceptor extends SpanInterceptor.Annotated<ApmTracer> {

	private static final String TYPE = "batch";

	/**
	 * Creates the interceptor.
	 * @param tracer gives the tracer at the first call
	 */
	public BatchProfilingInterceptor(Supplier<ApmTracer> tracer) {
		super(BatchProfiling.class, tracer);
	}

	@Override
	protected Span open(ApmTracer tracer, TracedMethod method, @Nullable Object[] arguments, @Nullable Span current) {
		return JobSpans.open(tracer, method, TYPE, (current != null) ? current.context() : null);
	}

	@Override
	protected void enrich(ApmSpan span, TracedMethod method) {
		JobSpans.describe(span, TYPE);
		method.rename(span);
	}

	@Override
	protected void ended(Span span, @Nullable Throwable error) {
		JobSpans.ended(span, error);
	}

}
