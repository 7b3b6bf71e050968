package dev.apm4j.export.embedded;

/**
 * The requests of one minute at one endpoint.
 *
 * @param minute begin of the minute in seconds since the epoch
 * @param count number of requests
 * @param errors how many of them failed
 * @param p50 median duration in microseconds
 * @param p95 95th percentile of the durations in microseconds
 * @param p99 99th percentile of the durations in microseconds
 */
public record MinuteStatistics(long minute, long count, long errors, long p50, long p95, long p99) {
}
