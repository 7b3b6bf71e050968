package dev.apm4j.export.skywalking;

import java.util.HashSet;
import java.util.Set;

import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SegmentReference;
import dev.apm4j.skywalking.proto.SpanObject;
import org.jspecify.annotations.Nullable;

/**
 * Looks at segments before they are sent: a server answers {@code OK} over gRPC also for
 * those that it can't store, and closes the connection for those that are too large.
 */
final class SegmentCheck {

	private SegmentCheck() {
	}

	/**
	 * What makes it impossible to store a segment.
	 * @param segment the segment
	 * @return what is wrong, {@code null} if nothing is
	 */
	static @Nullable String problem(SegmentObject segment) {
		if (segment.getTraceId().isEmpty() || segment.getTraceSegmentId().isEmpty()) {
			return "no id";
		}
		if (segment.getService().isEmpty() || segment.getServiceInstance().isEmpty()) {
			return "no service or instance";
		}
		Set<Integer> ids = new HashSet<>();
		for (SpanObject span : segment.getSpansList()) {
			if (span.getSpanId() < 0 || !ids.add(span.getSpanId())) {
				return "a span id that is negative or not unique";
			}
		}
		if (!ids.contains(0)) {
			return "no span 0";
		}
		for (SpanObject span : segment.getSpansList()) {
			int parent = span.getParentSpanId();
			if (parent != -1 && (!ids.contains(parent) || parent == span.getSpanId())) {
				return "a span without its parent";
			}
		}
		return null;
	}

	/**
	 * Makes a segment fit into a message: tags and logs go first, then all references of
	 * a span but the first if there are many, then the last spans.
	 * @param segment the segment
	 * @param maxBytes the largest message
	 * @return the segment, marked as limited if something is missing
	 */
	static SegmentObject fit(SegmentObject segment, int maxBytes) {
		if (segment.getSerializedSize() <= maxBytes) {
			return segment;
		}
		SegmentObject.Builder bare = segment.toBuilder().clearSpans().setIsSizeLimited(true);
		int left = maxBytes - bare.build().getSerializedSize();
		Set<Integer> kept = new HashSet<>();
		for (SpanObject span : segment.getSpansList()) {
			SpanObject smaller = smaller(span, maxBytes / 2);
			// Tag and length of the field beside the content.
			int size = smaller.getSerializedSize() + 8;
			boolean complete = span.getParentSpanId() < 0 || kept.contains(span.getParentSpanId());
			if (size <= left && complete) {
				left -= size;
				kept.add(span.getSpanId());
				bare.addSpans(smaller);
			}
		}
		return bare.build();
	}

	private static SpanObject smaller(SpanObject span, int maxBytes) {
		SpanObject.Builder smaller = span.toBuilder().clearTags().clearLogs();
		if (smaller.getRefsCount() > 1 && smaller.build().getSerializedSize() > maxBytes) {
			SegmentReference first = smaller.getRefs(0);
			smaller.clearRefs().addRefs(first);
		}
		return smaller.build();
	}

}
