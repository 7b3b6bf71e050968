package dev.apm4j.instrument.method;

import java.util.function.Supplier;

import dev.apm4j.annotation.MethodProfiling;
import dev.apm4j.instrument.SpanInterceptor;
import dev.apm4j.instrument.TracedMethod;
import dev.apm4j.trace.ApmSpan;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * A local span for each call of a {@link MethodProfiling} method inside a trace. Outside
 * of any trace the call is only passed through: a method called from everywhere must not
 * fill the list of traces.
 */
public final class MethodProfilingInterceptor extends SpanInterceptor.Annotated<Tracer> {

	/**
	 * Creates the interceptor.
	 * @param tracer gives the tracer at the first call
	 */
	public MethodProfilingInterceptor(Supplier<? extends Tracer> tracer) {
		super(MethodProfiling.class, tracer);
	}

	@Override
	protected @Nullable Span open(Tracer tracer, TracedMethod method, @Nullable Object[] arguments,
			@Nullable Span current) {
		if (current == null) {
			return null;
		}
		Span span = tracer.nextSpan(current).name(method.name());
		if (method.function() != null) {
			span.tag(TracedMethod.FUNCTION, method.function());
		}
		return span.start();
	}

	@Override
	protected void enrich(ApmSpan span, TracedMethod method) {
		method.rename(span);
	}

}
