package dev.apm4j.export.skywalking;

import java.util.List;
import java.util.stream.Collectors;

import dev.apm4j.export.TracedSegments;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.Log;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SegmentReference;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanLimits;

/**
 * Real segments of a real tracer, and their translation as text.
 */
final class RecordedSegments extends TracedSegments {

	static final ServiceIdentity SHOP = new ServiceIdentity("shop", "shop-1");

	private final SegmentTranslator translator;

	RecordedSegments() {
		this(SHOP, SpanLimits.DEFAULT);
	}

	RecordedSegments(ServiceIdentity identity, SpanLimits limits, String... baggageTags) {
		super(ApmTracer.builder().limits(limits).baggageTags(List.of(baggageTags)));
		this.translator = new SegmentTranslator(identity);
	}

	SegmentTranslator translator() {
		return this.translator;
	}

	SegmentObject translated() {
		return this.translator.translate(segment());
	}

	/** All of a span but its times and ids. */
	static String text(SpanObject span) {
		StringBuilder text = new StringBuilder();
		text.append(span.getSpanType()).append(' ').append(span.getSpanLayer()).append(' ');
		text.append(span.getComponentId()).append(' ').append(span.getOperationName());
		if (!span.getPeer().isEmpty()) {
			text.append(" @").append(span.getPeer());
		}
		text.append(' ').append(pairs(span.getTagsList()));
		if (span.getIsError()) {
			text.append(" error");
		}
		if (span.getSkipAnalysis()) {
			text.append(" skipped");
		}
		for (SegmentReference ref : span.getRefsList()) {
			text.append("\n    ").append(text(ref));
		}
		for (Log log : span.getLogsList()) {
			text.append("\n    log ").append(pairs(log.getDataList()));
		}
		return text.toString();
	}

	static String text(SegmentReference ref) {
		return ref.getRefType() + " " + ref.getTraceId() + " " + ref.getParentTraceSegmentId() + "/"
				+ ref.getParentSpanId() + " " + ref.getParentService() + " " + ref.getParentServiceInstance() + " "
				+ ref.getParentEndpoint() + " @" + ref.getNetworkAddressUsedAtPeer();
	}

	static String text(SegmentObject segment) {
		StringBuilder text = new StringBuilder();
		text.append(segment.getService()).append(' ').append(segment.getServiceInstance());
		text.append(segment.getIsSizeLimited() ? " limited" : "").append('\n');
		for (SpanObject span : segment.getSpansList()) {
			text.append(span.getSpanId()).append(" below ").append(span.getParentSpanId()).append(": ");
			text.append(text(span)).append('\n');
		}
		return text.toString();
	}

	private static String pairs(List<KeyStringValuePair> pairs) {
		return pairs.stream()
			.map((pair) -> pair.getKey() + "=" + pair.getValue())
			.collect(Collectors.joining("; ", "{", "}"));
	}

}
