package dev.apm4j.trace;

import java.util.function.Predicate;

import io.micrometer.context.ContextSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The current span of the moment, in the form that the context-propagation library's
 * executor wrapper takes.
 */
final class SpanSnapshot implements ContextSnapshot {

	private final CurrentSpans spans;

	private final @Nullable ApmSpan span;

	SpanSnapshot(CurrentSpans spans) {
		this.spans = spans;
		this.span = spans.span();
	}

	@Override
	public Scope setThreadLocals() {
		return this.spans.open(this.span, BaggageItems.EMPTY)::close;
	}

	@Override
	public Scope setThreadLocals(Predicate<Object> keyPredicate) {
		return setThreadLocals();
	}

	@Override
	public <C> C updateContext(C context) {
		return context;
	}

	@Override
	public <C> C updateContext(C context, Predicate<Object> keyPredicate) {
		return context;
	}

}
