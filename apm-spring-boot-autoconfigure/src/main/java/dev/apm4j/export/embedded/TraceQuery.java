package dev.apm4j.export.embedded;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Which traces to list.
 *
 * @param limit at most so many, 1 to {@value #MAX_LIMIT}
 * @param service a service that took part, or {@code null} for any
 * @param name part of the name in any case, or {@code null} for any
 * @param minDuration at least so many microseconds, 0 or more
 * @param error whether it failed, or {@code null} for both
 */
public record TraceQuery(int limit, @Nullable String service, @Nullable String name, long minDuration,
		@Nullable Boolean error) {

	/** How many traces are listed when nobody asks for a number. */
	public static final int DEFAULT_LIMIT = 50;

	/** How many traces can be listed at most. */
	public static final int MAX_LIMIT = 500;

	public TraceQuery {
		if (limit < 1 || limit > MAX_LIMIT) {
			throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + " but is " + limit);
		}
		if (minDuration < 0) {
			throw new IllegalArgumentException("minDuration must not be negative but is " + minDuration);
		}
		name = (name != null) ? name.toLowerCase(Locale.ROOT) : null;
	}

	/**
	 * The newest traces.
	 * @param limit how many
	 * @return a query without a filter
	 */
	public static TraceQuery newest(int limit) {
		return new TraceQuery(limit, null, null, 0, null);
	}

	boolean matches(TraceSummary summary) {
		return summary.duration() >= this.minDuration && (this.error == null || this.error == summary.error())
				&& (this.service == null || summary.services().contains(this.service))
				&& (this.name == null || summary.name().toLowerCase(Locale.ROOT).contains(this.name));
	}

}
