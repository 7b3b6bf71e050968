package dev.apm4j.trace;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * The current span seen as a context, and the wrappers that carry it to other threads.
 */
final class ApmCurrentTraceContext implements CurrentTraceContext {

	private final ApmTracer tracer;

	ApmCurrentTraceContext(ApmTracer tracer) {
		this.tracer = tracer;
	}

	@Override
	public @Nullable TraceContext context() {
		return this.tracer.currentSpan();
	}

	@Override
	public Scope newScope(@Nullable TraceContext context) {
		return this.tracer.currentSpans().open(this.tracer.spanOf(context), BaggageItems.EMPTY);
	}

	@Override
	public Scope maybeScope(@Nullable TraceContext context) {
		ApmSpan current = this.tracer.currentSpans().span();
		if ((current == null) ? context == null : current.equals(context)) {
			return Scope.NOOP;
		}
		return newScope(context);
	}

	@Override
	public <C> Callable<C> wrap(Callable<C> task) {
		ApmSpan captured = this.tracer.currentSpans().span();
		return () -> {
			try (Scope scope = this.tracer.currentSpans().open(captured, BaggageItems.EMPTY)) {
				return task.call();
			}
		};
	}

	@Override
	public Runnable wrap(Runnable task) {
		ApmSpan captured = this.tracer.currentSpans().span();
		return () -> {
			try (Scope scope = this.tracer.currentSpans().open(captured, BaggageItems.EMPTY)) {
				task.run();
			}
		};
	}

	@Override
	public Executor wrap(Executor delegate) {
		return (task) -> delegate.execute(wrap(task));
	}

	@Override
	public ExecutorService wrap(ExecutorService delegate) {
		return ContextExecutorService.wrap(delegate, this::capture);
	}

	private ContextSnapshot capture() {
		return new SpanSnapshot(this.tracer.currentSpans());
	}

}
