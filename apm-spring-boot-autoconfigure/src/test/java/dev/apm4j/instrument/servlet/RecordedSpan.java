package dev.apm4j.instrument.servlet;

import java.util.Map;

/**
 * An ended server span as any tracer gives it.
 */
record RecordedSpan(String name, String traceId, String spanId, String parentId, Map<String, String> tags,
		Throwable error) {

	String tag(String key) {
		return this.tags.get(key);
	}

	boolean failed() {
		return this.error != null || this.tags.containsKey("error.type");
	}

}
