package dev.apm4j.trace;

import io.micrometer.tracing.ScopedSpan;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;

/**
 * A span that is current from its start to its end, on one thread.
 */
final class ApmScopedSpan implements ScopedSpan {

	private final ApmSpan span;

	private final Tracer.SpanInScope scope;

	ApmScopedSpan(ApmSpan span, Tracer.SpanInScope scope) {
		this.span = span;
		this.scope = scope;
	}

	@Override
	public boolean isNoop() {
		return this.span.isNoop();
	}

	@Override
	public TraceContext context() {
		return this.span.context();
	}

	@Override
	public ScopedSpan name(String name) {
		this.span.name(name);
		return this;
	}

	@Override
	public ScopedSpan tag(String key, String value) {
		this.span.tag(key, value);
		return this;
	}

	@Override
	public ScopedSpan event(String value) {
		this.span.event(value);
		return this;
	}

	@Override
	public ScopedSpan error(Throwable throwable) {
		this.span.error(throwable);
		return this;
	}

	@Override
	public void end() {
		this.scope.close();
		this.span.end();
	}

}
