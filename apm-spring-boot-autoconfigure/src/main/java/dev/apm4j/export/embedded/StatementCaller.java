package dev.apm4j.export.embedded;

/**
 * Who executes a statement.
 *
 * @param name name of the endpoint; {@link EndpointAggregates#OTHER} for those that are
 * too many, {@code (none)} for statements outside of any request or job
 * @param kind {@code SERVER}, {@code CONSUMER} or {@code LOCAL}; {@code OTHER} and
 * {@code NONE} for these two
 * @param count how often the endpoint executed the statement
 * @param requests in how many requests
 */
public record StatementCaller(String name, String kind, long count, long requests) {
}
