package dev.apm4j.export.embedded;

import java.util.List;

/**
 * All requests at one endpoint since the start. Percentiles are at most 1 % above the
 * true value; durations above one hour count as one hour there.
 *
 * @param name name of the endpoint: the route, the job, the message's destination
 * @param kind {@code SERVER}, {@code CONSUMER} or {@code LOCAL}; {@code OTHER} for the
 * bucket of the endpoints that were too many
 * @param count number of requests
 * @param errors how many of them failed
 * @param total sum of the durations in microseconds
 * @param p50 median duration in microseconds
 * @param p95 95th percentile of the durations in microseconds
 * @param p99 99th percentile of the durations in microseconds
 * @param max longest duration in microseconds
 * @param sqlCalls how many SQL statements all requests together executed
 * @param sqlRepeated in how many requests a statement was executed so often that it looks
 * like a query in a loop
 * @param minutes the last 60 minutes, oldest first, without those that had no request
 */
public record EndpointStatistics(String name, String kind, long count, long errors, long total, long p50, long p95,
		long p99, long max, long sqlCalls, long sqlRepeated, List<MinuteStatistics> minutes) {
}
