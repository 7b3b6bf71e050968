package dev.apm4j.trace;

import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * What is current on one thread from its opening to its closing. Scopes form a chain, so
 * that they may be closed in any order and more than once; a scope that is closed on
 * another thread than its own is ignored.
 */
class ApmScope implements Tracer.SpanInScope, CurrentTraceContext.Scope {

	private final CurrentSpans spans;

	/** {@code null} when this is closed. */
	private @Nullable Thread thread;

	private final @Nullable ApmScope previous;

	private final @Nullable ApmSpan span;

	/** Baggage that is current without a span. */
	private final BaggageItems baggage;

	ApmScope(CurrentSpans spans, @Nullable ApmScope previous, @Nullable ApmSpan span, BaggageItems baggage) {
		this.spans = spans;
		this.thread = Thread.currentThread();
		this.previous = previous;
		this.span = span;
		this.baggage = baggage;
	}

	final @Nullable ApmSpan span() {
		return this.span;
	}

	final @Nullable ApmScope previous() {
		return this.previous;
	}

	final boolean isOpen() {
		return this.thread != null;
	}

	final BaggageItems baggage() {
		return (this.span != null) ? this.span.baggageItems() : this.baggage;
	}

	@Override
	public final void close() {
		if (Thread.currentThread() != this.thread) {
			return;
		}
		this.thread = null;
		ApmScope open = this.previous;
		while (open != null && open.thread == null) {
			open = open.previous;
		}
		this.spans.closed(this, open);
	}

}
