package dev.apm4j.export.skywalking;

import dev.apm4j.skywalking.proto.RefType;
import dev.apm4j.skywalking.proto.SegmentReference;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.TraceContext;

/**
 * Writes what a segment continues. SkyWalking refers to a span by its segment and number,
 * which only {@code sw8} and this process itself tell: a caller that is known by W3C or
 * B3 ids alone shares the trace id and gets no reference.
 */
final class References {

	private static final int MAX_REFERENCES = 500;

	private final ServiceIdentity identity;

	References(ServiceIdentity identity) {
		this.identity = identity;
	}

	void addCause(Segment segment, SpanObject.Builder target) {
		PropagatedContext cause = segment.cause();
		if (cause != null && cause.hasTrace()) {
			add(cause, SegmentTranslator.traceId(segment), target);
		}
	}

	/** Links of other tracers name no segment. */
	void addLinks(SpanData span, SpanObject.Builder target) {
		for (Link link : span.links()) {
			TraceContext linked = link.getTraceContext();
			if (linked instanceof PropagatedContext context && context.hasTrace()) {
				add(context, context.traceId(), target);
			}
			else if (linked instanceof ApmSpan own && own.owner().counted()) {
				Segment segment = own.owner();
				add(target, SegmentTranslator.traceId(segment), SegmentTranslator.segmentId(segment), own.number(),
						OperationNames.of(segment.root()));
			}
		}
	}

	private void add(PropagatedContext context, String traceId, SpanObject.Builder target) {
		dev.apm4j.trace.SegmentReference caller = context.reference();
		if (caller == null || caller.spanNumber() < 0 || caller.segmentId().length() > WireText.MAX_ID) {
			return;
		}
		if (caller.service().isEmpty()) {
			add(target, traceId, caller.segmentId(), caller.spanNumber(), httpEndpoint(caller.endpoint()));
			return;
		}
		if (target.getRefsCount() < MAX_REFERENCES) {
			target.addRefs(SegmentReference.newBuilder()
				.setRefType(RefType.CrossProcess)
				.setTraceId(WireText.name(traceId, WireText.MAX_ID))
				.setParentTraceSegmentId(WireText.name(caller.segmentId(), WireText.MAX_ID))
				.setParentSpanId(caller.spanNumber())
				.setParentService(WireText.name(caller.service(), WireText.MAX_CALLER))
				.setParentServiceInstance(WireText.name(caller.instance(), WireText.MAX_CALLER))
				.setParentEndpoint(WireText.name(caller.endpoint(), WireText.MAX_OPERATION))
				.setNetworkAddressUsedAtPeer(WireText.name(caller.address(), WireText.MAX_PEER)));
		}
	}

	private void add(SpanObject.Builder target, String traceId, String segmentId, int spanNumber, String endpoint) {
		if (target.getRefsCount() < MAX_REFERENCES) {
			target.addRefs(SegmentReference.newBuilder()
				.setRefType(RefType.CrossThread)
				.setTraceId(WireText.name(traceId, WireText.MAX_ID))
				.setParentTraceSegmentId(WireText.name(segmentId, WireText.MAX_ID))
				.setParentSpanId(spanNumber)
				.setParentService(WireText.name(this.identity.service(), ServiceIdentity.MAX_SERVICE))
				.setParentServiceInstance(WireText.name(this.identity.instance(), ServiceIdentity.MAX_LENGTH))
				.setParentEndpoint(WireText.name(endpoint, WireText.MAX_OPERATION)));
		}
	}

	/** The span that caused this one is gone; of its endpoint only the name is left. */
	private static String httpEndpoint(String name) {
		int space = name.indexOf(' ');
		return (space > 0 && name.startsWith("/", space + 1))
				? name.substring(0, space) + ":" + name.substring(space + 1) : name;
	}

}
