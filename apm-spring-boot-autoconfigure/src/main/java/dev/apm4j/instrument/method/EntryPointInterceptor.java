package dev.apm4j.instrument.method;

import java.util.Map;
import java.util.function.Supplier;

import dev.apm4j.annotation.EntryPoint;
import dev.apm4j.instrument.SpanInterceptor;
import dev.apm4j.instrument.TracedMethod;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * An entry in a segment of its own for each call of an {@link EntryPoint} method. It
 * continues the trace that a {@link Map} among the arguments carries, else it refers to
 * the current span, else it starts a trace.
 * <p>
 * Its kind is {@code CONSUMER}, not {@code SERVER}: nothing is known of an answer, and
 * what has no instrumentation of its own is most often a message. Both are entries.
 */
public final class EntryPointInterceptor extends SpanInterceptor.Annotated<ApmTracer> {

	private final Supplier<? extends @Nullable Propagator> propagator;

	/**
	 * Creates the interceptor.
	 * @param tracer gives the tracer at the first call
	 * @param propagator gives what reads the headers, or {@code null}: then every call
	 * starts or refers to a trace of this process
	 */
	public EntryPointInterceptor(Supplier<ApmTracer> tracer, Supplier<? extends @Nullable Propagator> propagator) {
		super(EntryPoint.class, tracer);
		this.propagator = propagator;
	}

	@Override
	protected Span open(ApmTracer tracer, TracedMethod method, @Nullable Object[] arguments, @Nullable Span current) {
		Span continued = continued(tracer, method, arguments);
		if (continued != null) {
			return continued;
		}
		ApmSpan span = tracer.nextSegment((current != null) ? current.context() : null);
		return span.kind(Span.Kind.CONSUMER).name(method.name()).tag(TracedMethod.FUNCTION, method.function()).start();
	}

	private @Nullable Span continued(ApmTracer tracer, TracedMethod method, @Nullable Object[] arguments) {
		for (Object argument : arguments) {
			MapHeaders headers = (argument instanceof Map<?, ?> map) ? MapHeaders.of(map) : null;
			Propagator reader = (headers != null) ? this.propagator.get() : null;
			if (headers != null && reader != null && headers.hasAnyOf(reader.fields())) {
				// With nothing current, headers that turn out to be bad give a new trace
				// and not a child.
				try (Tracer.SpanInScope none = tracer.withSpan(null)) {
					Span.Builder builder = reader.extract(headers, MapHeaders.GETTER)
						.kind(Span.Kind.CONSUMER)
						.name(method.name());
					if (method.function() != null) {
						builder.tag(TracedMethod.FUNCTION, method.function());
					}
					return builder.start();
				}
			}
		}
		return null;
	}

	@Override
	protected void enrich(ApmSpan span, TracedMethod method) {
		method.rename(span);
	}

}
