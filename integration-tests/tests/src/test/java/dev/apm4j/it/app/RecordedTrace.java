package dev.apm4j.it.app;

import java.util.List;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A trace as the embedded backend tells it.
 *
 * @param id its id
 * @param spans its spans
 */
public record RecordedTrace(String id, List<RecordedSpan> spans) {

	static RecordedTrace of(JsonNode trace) {
		return new RecordedTrace(trace.path("traceId").textValue(),
				StreamSupport.stream(trace.path("spans").spliterator(), false).map(RecordedSpan::of).toList());
	}

	/**
	 * The only span of the trace.
	 * @return the span
	 */
	public RecordedSpan single() {
		if (this.spans.size() != 1) {
			throw new AssertionError("Not one span but " + this.spans.size() + ": " + this.spans);
		}
		return this.spans.get(0);
	}

	/**
	 * The only span with a name.
	 * @param name the name
	 * @return the span
	 */
	public RecordedSpan named(String name) {
		List<RecordedSpan> found = this.spans.stream().filter((span) -> span.name().equals(name)).toList();
		if (found.size() != 1) {
			throw new AssertionError("Not one span '" + name + "' but " + found.size() + ": " + this.spans);
		}
		return found.get(0);
	}

	/**
	 * The spans that have a parent.
	 * @param parentId the parent's id
	 * @return its children
	 */
	public List<RecordedSpan> childrenOf(String parentId) {
		return this.spans.stream().filter((span) -> parentId.equals(span.parentId())).toList();
	}

	/**
	 * The spans of a kind.
	 * @param kind the kind
	 * @return the spans
	 */
	public List<RecordedSpan> ofKind(String kind) {
		return this.spans.stream().filter((span) -> span.kind().equals(kind)).toList();
	}

}
