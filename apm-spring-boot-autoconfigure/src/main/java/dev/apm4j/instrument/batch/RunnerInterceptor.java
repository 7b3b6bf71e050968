package dev.apm4j.instrument.batch;

import java.lang.reflect.Method;
import java.util.function.Supplier;

import dev.apm4j.instrument.SpanInterceptor;
import dev.apm4j.instrument.TracedMethod;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * A segment for the run of one runner bean, under the bean's name.
 */
final class RunnerInterceptor extends SpanInterceptor<ApmTracer> {

	private final String beanName;

	RunnerInterceptor(String beanName, Supplier<ApmTracer> tracer) {
		super(tracer);
		this.beanName = beanName;
	}

	@Override
	protected TracedMethod describe(Method method, Class<?> targetClass) {
		return new TracedMethod(this.beanName, false, TracedMethod.of(method, targetClass).function());
	}

	@Override
	protected Span open(ApmTracer tracer, TracedMethod method, @Nullable Object[] arguments, @Nullable Span current) {
		return JobSpans.open(tracer, method, "runner", (current != null) ? current.context() : null);
	}

	@Override
	protected void ended(Span span, @Nullable Throwable error) {
		JobSpans.ended(span, error);
	}

}
