package dev.apm4j.trace;

import io.micrometer.tracing.Baggage;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * One name in the baggage of the current or of a given span, and the scope in which it
 * has a value: what the name had before is restored when the scope closes. Baggage that
 * is made current where there is no span is inherited by the trace that starts inside its
 * scope.
 */
final class ApmBaggage implements Baggage, BaggageInScope {

	private final ApmTracer tracer;

	private final String name;

	private final @Nullable TraceContext context;

	private @Nullable ApmSpan changedSpan;

	private @Nullable ApmScope scopeWithoutSpan;

	private @Nullable String before;

	ApmBaggage(ApmTracer tracer, String name) {
		this(tracer, name, null);
	}

	ApmBaggage(ApmTracer tracer, String name, @Nullable TraceContext context) {
		this.tracer = tracer;
		this.name = name;
		this.context = context;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public @Nullable String get() {
		return this.tracer.baggage(this.context).get(this.name);
	}

	@Override
	public @Nullable String get(TraceContext traceContext) {
		return this.tracer.baggage(traceContext).get(this.name);
	}

	@Override
	@Deprecated
	public Baggage set(@Nullable String value) {
		ApmSpan span = (this.context instanceof ApmSpan given) ? given : this.tracer.currentSpan();
		if (span != null) {
			put(span, value);
		}
		return this;
	}

	@Override
	@Deprecated
	public Baggage set(TraceContext traceContext, @Nullable String value) {
		if (traceContext instanceof ApmSpan span) {
			put(span, value);
		}
		return this;
	}

	@Override
	public BaggageInScope makeCurrent() {
		return this;
	}

	@Override
	public BaggageInScope makeCurrent(@Nullable String value) {
		ApmSpan span = (this.context instanceof ApmSpan given) ? given : this.tracer.currentSpan();
		if (span != null) {
			return makeCurrentOn(span, value);
		}
		if (value != null && !this.tracer.isSuppressed()) {
			this.scopeWithoutSpan = this.tracer.currentSpans()
				.open(null, this.tracer.baggage(null).with(this.name, value));
		}
		return this;
	}

	@Override
	public BaggageInScope makeCurrent(TraceContext traceContext, @Nullable String value) {
		return (traceContext instanceof ApmSpan span) ? makeCurrentOn(span, value) : makeCurrent(value);
	}

	private BaggageInScope makeCurrentOn(ApmSpan span, @Nullable String value) {
		this.changedSpan = span;
		this.before = span.baggageItems().get(this.name);
		put(span, value);
		return this;
	}

	private void put(ApmSpan span, @Nullable String value) {
		BaggageItems items = span.baggageItems();
		span.baggageItems((value != null) ? items.with(this.name, value) : items.without(this.name));
		if (span.equals(this.tracer.currentSpan())) {
			this.tracer.currentSpans().changed(span, span);
		}
	}

	@Override
	public void close() {
		ApmSpan span = this.changedSpan;
		if (span != null) {
			this.changedSpan = null;
			put(span, this.before);
		}
		ApmScope scope = this.scopeWithoutSpan;
		if (scope != null) {
			scope.close();
		}
	}

}
