package dev.apm4j.trace;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * A finished span as an exporter reads it. Safe to read from any thread once its
 * {@link Segment} was handed to a {@link SegmentSink} and the span {@link #isEnded() has
 * ended}.
 */
public interface SpanData {

	/**
	 * Position in the segment.
	 * @return 0 for the root, then in the order of starting; gaps are possible
	 */
	int number();

	/**
	 * Position of the parent in the same segment.
	 * @return the parent's {@link #number()}, or -1 for the root
	 */
	int parentNumber();

	/**
	 * The span's id.
	 * @return 16 lower-case hexadecimal digits
	 */
	String spanId();

	/**
	 * The parent's id, in this segment or, for a root, in the one that caused it.
	 * @return 16 lower-case hexadecimal digits, or {@code null} for the root of a trace
	 */
	@Nullable String parentId();

	/**
	 * The name, of low cardinality.
	 * @return the name
	 */
	String name();

	/**
	 * The role of the span.
	 * @return {@code SERVER} or {@code CONSUMER} for an entry, {@code CLIENT} or
	 * {@code PRODUCER} for an exit, {@code null} for local work
	 */
	Span.@Nullable Kind kind();

	/**
	 * When the span started.
	 * @return nanoseconds since the epoch
	 */
	long startEpochNanos();

	/**
	 * How long the span took, by a monotonic clock.
	 * @return nanoseconds, never negative
	 */
	long durationNanos();

	/**
	 * Whether the span has ended.
	 * @return {@code false} while it is still open
	 */
	boolean isEnded();

	/**
	 * The attributes under OpenTelemetry's keys.
	 * @return values that are {@link String}, {@link Long}, {@link Double},
	 * {@link Boolean} or a {@link List} of one of these
	 */
	Map<String, Object> attributes();

	/**
	 * Walks through the attributes without making a map of them.
	 * @param action takes each key once, with its value
	 */
	default void forEachAttribute(BiConsumer<String, Object> action) {
		attributes().forEach(action);
	}

	/**
	 * One attribute.
	 * @param key its key
	 * @return the value, or {@code null}
	 */
	@Nullable Object attribute(String key);

	/**
	 * What happened during the span.
	 * @return the events, in the order they were added
	 */
	List<SpanEvent> events();

	/**
	 * Links to spans that this one is related to but no child of.
	 * @return the links
	 */
	List<Link> links();

	/**
	 * The error that the span ended with.
	 * @return the error, or {@code null}
	 */
	@Nullable Throwable error();

	/**
	 * Whether the span failed, with an {@link #error()} or by its {@code error.type}
	 * attribute, which stands for failures that have no exception, such as a status 500.
	 * @return whether the span failed
	 */
	boolean isFailed();

}
