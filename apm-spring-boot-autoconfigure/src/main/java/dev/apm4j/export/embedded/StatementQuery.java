package dev.apm4j.export.embedded;

import java.util.Comparator;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import org.jspecify.annotations.Nullable;

/**
 * Which statements to list.
 *
 * @param limit at most so many, 1 to {@value #MAX_LIMIT}
 * @param order which ones come first
 * @param endpoint an endpoint that executed it, exactly, or {@code null} for any
 * @param text part of the text or of the name in any case, or {@code null} for any
 */
public record StatementQuery(int limit, Order order, @Nullable String endpoint, @Nullable String text) {

	/** How many statements are listed when nobody asks for a number. */
	public static final int DEFAULT_LIMIT = 50;

	/** How many statements can be listed at most. */
	public static final int MAX_LIMIT = 500;

	public StatementQuery {
		if (limit < 1 || limit > MAX_LIMIT) {
			throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + " but is " + limit);
		}
		text = (text != null) ? text.toLowerCase(Locale.ROOT) : null;
	}

	boolean matches(StatementStatistics statement) {
		return (this.endpoint == null
				|| statement.callers().stream().anyMatch((caller) -> caller.name().equals(this.endpoint)))
				&& (this.text == null || contains(statement.name(), this.text)
						|| (statement.text() != null && contains(statement.text(), this.text)));
	}

	private static boolean contains(String text, String part) {
		return text.toLowerCase(Locale.ROOT).contains(part);
	}

	Comparator<StatementStatistics> comparator() {
		return Comparator.comparingDouble(this.order.value)
			.thenComparing(Comparator.comparingLong(StatementStatistics::total))
			.reversed()
			.thenComparing(StatementStatistics::name);
	}

	/**
	 * What statements are ordered by, the largest first.
	 */
	public enum Order {

		/** The time of all executions together. */
		TOTAL(StatementStatistics::total),

		/** The number of executions. */
		COUNT(StatementStatistics::count),

		/** The mean duration. */
		AVERAGE(StatementStatistics::average),

		/** The 95th percentile of the durations. */
		P95(StatementStatistics::p95),

		/** The number of rows. */
		ROWS(StatementStatistics::rows),

		/** The number of executions that failed. */
		ERRORS(StatementStatistics::errors),

		/** The average number of executions in a request. */
		CALLS_PER_REQUEST(StatementStatistics::callsPerRequest),

		/** In how many requests it looked like a query in a loop. */
		REPEATED(StatementStatistics::repeated);

		private final ToDoubleFunction<StatementStatistics> value;

		Order(ToDoubleFunction<StatementStatistics> value) {
			this.value = value;
		}

	}

}
