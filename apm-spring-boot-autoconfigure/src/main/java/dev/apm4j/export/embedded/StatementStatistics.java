package dev.apm4j.export.embedded;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * All executions of one SQL statement since the start. Percentiles are at most 1 % above
 * the true value, except that of the executions in one request only the shortest, the
 * longest and the sum are known: those between count with their mean.
 *
 * @param name operation and table, such as {@code SELECT orders};
 * {@link EndpointAggregates#OTHER} for the statements that were too many
 * @param text the normalised text, or {@code null} for what has none, such as a commit
 * @param system the database product, or an empty text
 * @param namespace the database, or an empty text
 * @param operation what is done, or an empty text
 * @param collection the table, or an empty text
 * @param count number of executions
 * @param errors how many of them failed
 * @param total sum of the durations in microseconds
 * @param p50 median duration in microseconds
 * @param p95 95th percentile of the durations in microseconds
 * @param p99 99th percentile of the durations in microseconds
 * @param max longest duration in microseconds
 * @param rows rows that were fetched or changed
 * @param connectionWait time that was waited for connections just before, in
 * microseconds; no part of the durations
 * @param requests requests, jobs and messages that executed it; one that executes it
 * several times counts once
 * @param maxCallsPerRequest the largest number of executions in one of them
 * @param repeated how many of them executed it so often that it looks like a query in a
 * loop
 * @param callers which endpoints executed it, the one with the most executions first
 */
public record StatementStatistics(String name, @Nullable String text, String system, String namespace, String operation,
		String collection, long count, long errors, long total, long p50, long p95, long p99, long max, long rows,
		long connectionWait, long requests, long maxCallsPerRequest, long repeated, List<StatementCaller> callers) {

	/**
	 * The mean duration.
	 * @return microseconds, 0 without an execution
	 */
	public long average() {
		return (this.count > 0) ? this.total / this.count : 0;
	}

	/**
	 * How often a request that executes the statement does so on average.
	 * @return executions by request, 1.0 or more; 0 without a request
	 */
	public double callsPerRequest() {
		return (this.requests > 0) ? (double) this.count / this.requests : 0;
	}

}
