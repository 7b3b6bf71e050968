package dev.apm4j.instrument.jdbc;

import java.util.function.IntSupplier;

import dev.apm4j.trace.SpanTemplate;

/**
 * What is known of all executions of a statement. Thread-safe.
 */
final class StatementTemplate {

	private final SpanTemplate span;

	private final IntSupplier secretsFinder;

	private final boolean several;

	/** Found out only where values are recorded, which may begin at any time. */
	private volatile int secrets;

	private volatile boolean secretsKnown;

	/**
	 * Creates a template.
	 * @param span what the spans have in common
	 * @param secretsFinder finds a bit for each of the first 32 parameters, set where the
	 * value is a secret; always the same
	 * @param several whether an execution may return more than one result
	 */
	StatementTemplate(SpanTemplate span, IntSupplier secretsFinder, boolean several) {
		this.span = span;
		this.secretsFinder = secretsFinder;
		this.several = several;
	}

	SpanTemplate span() {
		return this.span;
	}

	boolean mayReturnSeveral() {
		return this.several;
	}

	int secrets() {
		if (!this.secretsKnown) {
			this.secrets = this.secretsFinder.getAsInt();
			this.secretsKnown = true;
		}
		return this.secrets;
	}

}
