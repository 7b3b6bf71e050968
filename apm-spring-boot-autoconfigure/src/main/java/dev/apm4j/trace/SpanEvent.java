package dev.apm4j.trace;

/**
 * Something that happened at one point of time during a span.
 *
 * @param name what happened
 * @param epochNanos when, in nanoseconds since the epoch
 */
public record SpanEvent(String name, long epochNanos) {
}
