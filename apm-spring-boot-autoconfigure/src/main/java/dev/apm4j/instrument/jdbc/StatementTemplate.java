package dev.apm4j.instrument.jdbc;

import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

import dev.apm4j.trace.SpanTemplate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all executions of a statement. Thread-safe.
 */
final class StatementTemplate {

	private final SpanTemplate span;

	private final IntSupplier secretsFinder;

	private final boolean several;

	private volatile @Nullable StatementTemplate batch;

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

	/**
	 * What is known of batches of this statement.
	 * @param create makes that of this template; called once, or a few times at once
	 */
	StatementTemplate batch(UnaryOperator<StatementTemplate> create) {
		StatementTemplate known = this.batch;
		if (known == null) {
			known = create.apply(this);
			this.batch = known;
		}
		return known;
	}

	int secrets() {
		if (!this.secretsKnown) {
			this.secrets = this.secretsFinder.getAsInt();
			this.secretsKnown = true;
		}
		return this.secrets;
	}

}
