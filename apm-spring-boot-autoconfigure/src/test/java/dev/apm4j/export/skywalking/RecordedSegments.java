package dev.apm4j.export.skywalking;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.Log;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SegmentReference;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanLimits;
import io.micrometer.tracing.Span;

/**
 * Real segments of a real tracer, and their translation as text.
 */
final class RecordedSegments {

	static final ServiceIdentity SHOP = new ServiceIdentity("shop", "shop-1");

	private final List<Segment> segments = new ArrayList<>();

	private final ApmTracer tracer;

	private final SegmentTranslator translator;

	RecordedSegments() {
		this(SHOP, SpanLimits.DEFAULT);
	}

	RecordedSegments(ServiceIdentity identity, SpanLimits limits, String... baggageTags) {
		this.translator = new SegmentTranslator(identity);
		this.tracer = ApmTracer.builder()
			.limits(limits)
			.baggageTags(List.of(baggageTags))
			.sink(this.segments::add)
			.build();
	}

	ApmTracer tracer() {
		return this.tracer;
	}

	SegmentTranslator translator() {
		return this.translator;
	}

	/** A request with the attributes that the servlet filter sets. */
	ApmSpan request() {
		return this.tracer.nextSegment(null)
			.kind(Span.Kind.SERVER)
			.name("GET /orders/{id}")
			.tag("http.request.method", "GET")
			.tag("url.scheme", "http")
			.tag("url.path", "/orders/7")
			.tag("http.route", "/orders/{id}")
			.tag("http.response.status_code", 200)
			.start();
	}

	ApmSpan child(ApmSpan parent, String name, Span.Kind kind) {
		return this.tracer.nextSpan(parent).name(name).kind(kind).start();
	}

	Segment segment() {
		assertOne();
		Segment segment = this.segments.get(0);
		segment.seal();
		return segment;
	}

	private void assertOne() {
		if (this.segments.size() != 1) {
			throw new AssertionError(this.segments.size() + " segments");
		}
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
