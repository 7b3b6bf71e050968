package dev.apm4j.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.tracing.Link;
import org.jspecify.annotations.Nullable;

/**
 * What few spans have, in an object of its own, so that the others don't pay for it:
 * attributes set by another thread than the span's creator, events and links.
 * Thread-safe.
 */
final class SpanExtras {

	private final SpanLimits limits;

	private @Nullable Map<String, Object> attributes;

	/** Pairs of name and nanoTime. */
	private final List<Object> events = new ArrayList<>(4);

	private final List<Link> links = new ArrayList<>(0);

	SpanExtras(SpanLimits limits) {
		this.limits = limits;
	}

	/** Whether another thread than the creator has set an attribute, perhaps not yet. */
	boolean hasAttributes() {
		return this.attributes != null;
	}

	synchronized void putAttribute(String key, Object value, int othersOfSpan) {
		Map<String, Object> map = this.attributes;
		if (map == null) {
			map = new LinkedHashMap<>();
			this.attributes = map;
		}
		if (map.containsKey(key) || map.size() + othersOfSpan < this.limits.attributes()) {
			map.put(key, value);
		}
	}

	synchronized @Nullable Object attribute(String key) {
		return (this.attributes != null) ? this.attributes.get(key) : null;
	}

	synchronized void addAttributesTo(Map<String, Object> target) {
		if (this.attributes != null) {
			target.putAll(this.attributes);
		}
	}

	synchronized void addEvent(String text, long nanoTime) {
		if (this.events.size() < this.limits.events() * 2) {
			this.events.add(text);
			this.events.add(nanoTime);
		}
	}

	synchronized List<SpanEvent> events(Segment segment) {
		List<SpanEvent> copy = new ArrayList<>();
		for (int i = 0; i + 1 < this.events.size(); i += 2) {
			copy.add(new SpanEvent((String) this.events.get(i), segment.toEpochNanos((Long) this.events.get(i + 1))));
		}
		return copy;
	}

	synchronized void putLink(Link link) {
		if (this.links.size() < this.limits.links()) {
			this.links.add(link);
		}
	}

	synchronized List<Link> links() {
		return List.copyOf(this.links);
	}

}
