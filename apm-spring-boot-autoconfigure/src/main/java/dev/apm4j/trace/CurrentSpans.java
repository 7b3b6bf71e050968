package dev.apm4j.trace;

import org.jspecify.annotations.Nullable;

/**
 * The current scope of each thread. Only a plain array is ever put into a thread, and it
 * is empty again when the outermost scope closes: a pooled thread holds nothing of this
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
		@Nullable Object[] holder = holder();
		ApmScope before = (ApmScope) holder[0];
		ApmScope scope = new ApmScope(this, before, span, baggage);
		holder[0] = scope;
		changed((before != null) ? before.span() : null, span);
		return scope;
	}

	/** Opens a scope that {@link #closeRestored} finds again. */
	void openRestored(Object accessor, @Nullable ApmSpan span, BaggageItems baggage) {
		@Nullable Object[] holder = holder();
		ApmScope before = (ApmScope) holder[0];
		holder[0] = new RestoredScope(this, before, span, baggage, accessor);
		if (span != null || before != null) {
			changedUnlessSame(before, span);
		}
	}

	/** Closes the innermost scope that an accessor has opened on this thread. */
	void closeRestored(Object accessor) {
		ApmScope scope = restored(accessor);
		if (scope != null) {
			scope.close();
		}
	}

	/** Whether an accessor has a scope open on this thread. */
	boolean hasRestored(Object accessor) {
		return restored(accessor) != null;
	}

	private @Nullable ApmScope restored(Object accessor) {
		for (ApmScope scope = scope(); scope != null; scope = scope.previous()) {
			if (scope.isOpen() && scope instanceof RestoredScope restored && restored.accessor == accessor) {
				return scope;
			}
		}
		return null;
	}

	private @Nullable Object[] holder() {
		@Nullable Object[] holder = this.threads.get();
		if (holder == null) {
			holder = new Object[1];
			this.threads.set(holder);
		}
		return holder;
	}

	void closed(ApmScope scope, @Nullable ApmScope enclosing) {
		@Nullable Object[] holder = this.threads.get();
		if (holder == null || holder[0] != scope) {
			return;
		}
		holder[0] = enclosing;
		changedUnlessSame(scope, (enclosing != null) ? enclosing.span() : null);
	}

	/** Nobody is told when the same span goes on. */
	private void changedUnlessSame(@Nullable ApmScope before, @Nullable ApmSpan span) {
		if (before == null || before.span() != span) {
			changed((before != null) ? before.span() : null, span);
		}
	}

	void changed(@Nullable ApmSpan before, @Nullable ApmSpan span) {
		for (ScopeListener listener : this.listeners) {
			listener.currentSpanChanged(before, span);
		}
	}

	/** A scope whose opener has to be found again by the thread alone. */
	private static final class RestoredScope extends ApmScope {

		private final Object accessor;

		RestoredScope(CurrentSpans spans, @Nullable ApmScope previous, @Nullable ApmSpan span, BaggageItems baggage,
				Object accessor) {
			super(spans, previous, span, baggage);
			this.accessor = accessor;
		}

	}

}
