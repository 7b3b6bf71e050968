package dev.apm4j.trace;

import org.jspecify.annotations.Nullable;

/**
 * The current scope of each thread. Only a plain array is ever put into a thread, and it
 * is taken out when the outermost scope closes: a pooled thread holds nothing of this
 * tracer between two requests and does not keep its class loader alive.
 */
final class CurrentSpans {

	private final ThreadLocal<@Nullable Object[]> threads = new ThreadLocal<>();

	private final ScopeListener[] listeners;

	CurrentSpans(ScopeListener[] listeners) {
		this.listeners = listeners;
	}

	@Nullable ApmScope scope() {
		@Nullable Object[] holder = this.threads.get();
		return (holder != null) ? (ApmScope) holder[0] : null;
	}

	@Nullable ApmSpan span() {
		ApmScope scope = scope();
		return (scope != null) ? scope.span() : null;
	}

	ApmScope open(@Nullable ApmSpan span, BaggageItems baggage) {
		@Nullable Object[] holder = this.threads.get();
		if (holder == null) {
			holder = new Object[1];
			this.threads.set(holder);
		}
		ApmScope scope = new ApmScope(this, (ApmScope) holder[0], span, baggage);
		holder[0] = scope;
		changed(span);
		return scope;
	}

	void closed(ApmScope scope, @Nullable ApmScope enclosing) {
		@Nullable Object[] holder = this.threads.get();
		if (holder == null || holder[0] != scope) {
			return;
		}
		holder[0] = enclosing;
		if (enclosing == null) {
			this.threads.remove();
		}
		changed((enclosing != null) ? enclosing.span() : null);
	}

	void changed(@Nullable ApmSpan span) {
		for (ScopeListener listener : this.listeners) {
			listener.currentSpanChanged(span);
		}
	}

}
