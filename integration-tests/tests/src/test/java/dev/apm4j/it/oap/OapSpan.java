package dev.apm4j.it.oap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A span as a SkyWalking server shows it.
 *
 * @param json all that the server tells
 */
public record OapSpan(JsonNode json) {

	public String service() {
		return text("serviceCode");
	}

	public String instance() {
		return text("serviceInstanceName");
	}

	public String segmentId() {
		return text("segmentId");
	}

	public int id() {
		return this.json.path("spanId").intValue();
	}

	/**
	 * The parent in the same segment.
	 * @return number of the span, -1 for the root
	 */
	public int parentId() {
		return this.json.path("parentSpanId").intValue();
	}

	public String name() {
		return text("endpointName");
	}

	/**
	 * Whether it is an entry, an exit or neither.
	 * @return {@code Entry}, {@code Exit} or {@code Local}
	 */
	public String type() {
		return text("type");
	}

	public String layer() {
		return text("layer");
	}

	public String component() {
		return text("component");
	}

	public String peer() {
		return text("peer");
	}

	public boolean isError() {
		return this.json.path("isError").booleanValue();
	}

	public Map<String, String> tags() {
		return keyValues(this.json.path("tags"));
	}

	/**
	 * What happened in the course of the span.
	 * @return keys and values of each event
	 */
	public List<Map<String, String>> logs() {
		return StreamSupport.stream(this.json.path("logs").spliterator(), false)
			.map((log) -> keyValues(log.path("data")))
			.toList();
	}

	/**
	 * Whether a span of another segment caused the segment of this one.
	 * @param parent the other span
	 * @param type {@code CROSS_PROCESS} or {@code CROSS_THREAD}
	 * @return {@code true} if this one refers to it so
	 */
	public boolean refersTo(OapSpan parent, String type) {
		return StreamSupport.stream(this.json.path("refs").spliterator(), false)
			.anyMatch((reference) -> reference.path("type").asText().equals(type)
					&& reference.path("parentSegmentId").asText().equals(parent.segmentId())
					&& reference.path("parentSpanId").intValue() == parent.id());
	}

	private String text(String field) {
		return this.json.path(field).asText();
	}

	private static Map<String, String> keyValues(JsonNode array) {
		Map<String, String> values = new LinkedHashMap<>();
		array.forEach((each) -> values.put(each.path("key").asText(), each.path("value").asText()));
		return values;
	}

	@Override
	public String toString() {
		return this.json.toPrettyString();
	}

}
