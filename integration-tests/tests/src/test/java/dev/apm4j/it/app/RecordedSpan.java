package dev.apm4j.it.app;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A span as the embedded backend tells it.
 *
 * @param id its id
 * @param parentId id of its parent, or {@code null}
 * @param name its name
 * @param kind {@code SERVER}, {@code CLIENT}, {@code PRODUCER}, {@code CONSUMER} or
 * {@code LOCAL}
 * @param service the service
 * @param start microseconds since the epoch
 * @param duration microseconds
 * @param attributes the attributes
 * @param error the error, a null node if there is none
 */
public record RecordedSpan(String id, String parentId, String name, String kind, String service, long start,
		long duration, JsonNode attributes, JsonNode error) {

	static RecordedSpan of(JsonNode span) {
		return new RecordedSpan(span.path("id").textValue(), span.path("parentId").textValue(),
				span.path("name").textValue(), span.path("kind").textValue(), span.path("service").textValue(),
				span.path("start").longValue(), span.path("duration").longValue(), span.path("attributes"),
				span.path("error"));
	}

	/**
	 * One attribute.
	 * @param key its key
	 * @return its value as text, or {@code null}
	 */
	public String attribute(String key) {
		JsonNode value = this.attributes.get(key);
		return (value != null) ? value.asText() : null;
	}

	/**
	 * Whether the span is marked as failed.
	 * @return whether there is an error or an error's type
	 */
	public boolean failed() {
		return this.error.isObject() || this.attributes.has("error.type");
	}

}
