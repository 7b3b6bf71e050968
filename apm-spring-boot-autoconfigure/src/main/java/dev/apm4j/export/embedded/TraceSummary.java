package dev.apm4j.export.embedded;

import java.util.List;

/**
 * A trace in one line, as far as its segments are in the store.
 *
 * @param traceId 32 lower-case hexadecimal digits, or a free string from another agent
 * @param name name of the earliest segment's root: a segment that called another one
 * started before it
 * @param service service of the earliest segment
 * @param services all services that took part, in the order they arrived
 * @param kind {@code SERVER}, {@code CLIENT}, {@code PRODUCER}, {@code CONSUMER} or
 * {@code LOCAL}
 * @param start start in microseconds since the epoch
 * @param duration from the first start to the last end, in microseconds
 * @param spanCount number of stored spans
 * @param error whether any span failed
 * @param slow whether the duration reached the threshold of the store
 * @param repeated whether a segment made the same call, such as an SQL statement, so
 * often that it looks like a query in a loop
 * @param status HTTP status of the earliest root, 0 if it has none
 */
public record TraceSummary(String traceId, String name, String service, List<String> services, String kind, long start,
		long duration, int spanCount, boolean error, boolean slow, boolean repeated, int status) {
}
