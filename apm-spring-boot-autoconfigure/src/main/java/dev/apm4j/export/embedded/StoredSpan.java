package dev.apm4j.export.embedded;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A span as it comes out of the store. Immutable.
 *
 * @param id 16 lower-case hexadecimal digits
 * @param parentId the parent's id, or {@code null}; it may name a span that is not in the
 * store, such as a caller in another process
 * @param number position in its segment, 0 for the root
 * @param name the name
 * @param kind {@code SERVER}, {@code CLIENT}, {@code PRODUCER}, {@code CONSUMER} or
 * {@code LOCAL}
 * @param service name of the service
 * @param instance name of the service instance
 * @param start start in microseconds since the epoch
 * @param duration duration in microseconds
 * @param attributes {@link String}, {@link Long}, {@link Double}, {@link Boolean} or a
 * {@link List} of these, by key
 * @param events what happened during the span
 * @param links spans that this one refers to
 * @param error why it failed, or {@code null} if it did not
 */
public record StoredSpan(String id, @Nullable String parentId, int number, String name, String kind, String service,
		String instance, long start, long duration, Map<String, Object> attributes, List<Event> events,
		List<Link> links, @Nullable Failure error) {

	/**
	 * An event.
	 *
	 * @param name what happened
	 * @param time when, in microseconds since the epoch
	 */
	public record Event(String name, long time) {
	}

	/**
	 * A link to another span.
	 *
	 * @param traceId its trace
	 * @param spanId its id
	 */
	public record Link(String traceId, String spanId) {
	}

	/**
	 * Why a span failed.
	 *
	 * @param type class of the exception, or the {@code error.type} of a failure without
	 * one
	 * @param message the exception's message, or {@code null}
	 * @param stack the exception's stack trace and causes, or {@code null}
	 */
	public record Failure(String type, @Nullable String message, @Nullable String stack) {
	}

}
