package dev.apm4j.trace.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * A reported span in the terms of the Micrometer API, with the differences in
 * representation taken out.
 *
 * @param traceId lower-case hexadecimal trace id
 * @param spanId lower-case hexadecimal span id
 * @param parentId id of the parent, {@code null} for a root
 * @param name the last name that was set
 * @param kind {@code null} for a local span
 * @param tags values as text; lists are joined by commas without spaces
 * @param events in the order of recording, without an event that stands for the error
 * @param errorType class name of the error, {@code null} if there was none
 * @param errorMessage message of the error, {@code null} if it has none
 * @param links spans that this one refers to
 * @param start when the span started
 * @param duration from start to end
 * @param remoteServiceName name of the peer
 * @param remoteIp address of the peer
 * @param remotePort port of the peer, 0 if unknown
 */
public record RecordedSpan(String traceId, String spanId, @Nullable String parentId, String name,
		Span.@Nullable Kind kind, Map<String, String> tags, List<Event> events, @Nullable String errorType,
		@Nullable String errorMessage, List<LinkedSpan> links, Instant start, Duration duration,
		@Nullable String remoteServiceName, @Nullable String remoteIp, int remotePort) {

	/**
	 * Returns when the span ended.
	 * @return start plus duration
	 */
	public Instant end() {
		return this.start.plus(this.duration);
	}

	List<String> eventNames() {
		return this.events.stream().map(Event::name).toList();
	}

	/**
	 * Something that happened during the span.
	 *
	 * @param name what happened
	 * @param time when it happened
	 */
	public record Event(String name, Instant time) {

	}

	/**
	 * A span that another one refers to.
	 *
	 * @param traceId trace id of the span referred to
	 * @param spanId id of the span referred to
	 * @param tags what is said about the reference, values as text
	 */
	public record LinkedSpan(String traceId, String spanId, Map<String, String> tags) {

	}

}
