package dev.apm4j.trace;

import org.jspecify.annotations.Nullable;

/**
 * Is told when the current span of a thread changes, for example to keep the logging
 * context in step. Called on that thread, on every scope: an implementation is quick and
 * neither blocks nor throws.
 */
@FunctionalInterface
public interface ScopeListener {

	/**
	 * The current span or its baggage changed.
	 * @param span the span that is current from now on, {@code null} for none
	 */
	void currentSpanChanged(@Nullable ApmSpan span);

	/**
	 * The current span or its baggage changed, for those who want to know what this
	 * thread leaves.
	 * @param before the span that was current until now, {@code null} for none; the same
	 * as the other one if its baggage changed
	 * @param span the span that is current from now on, {@code null} for none
	 */
	default void currentSpanChanged(@Nullable ApmSpan before, @Nullable ApmSpan span) {
		currentSpanChanged(span);
	}

}
