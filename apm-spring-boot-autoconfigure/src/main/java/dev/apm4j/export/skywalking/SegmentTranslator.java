package dev.apm4j.export.skywalking;

import java.util.List;

import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SpanLayer;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.skywalking.proto.SpanType;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * Turns a sealed segment into SkyWalking's form (data collect protocol v3,
 * {@code SegmentObject}). Not thread-safe, apart from {@link #maxSpans(int)}: it belongs
 * to the exporter's thread. Does not throw, whatever a segment holds.
 * <p>
 * Spans keep their numbers, gaps included: headers, log lines and thread snapshots have
 * named them before anybody knew which spans would be left.
 */
final class SegmentTranslator {

	/** Default of the Java agent's {@code agent.span_limit_per_segment}. */
	static final int DEFAULT_MAX_SPANS = 300;

	private static final String EXTENSION = "sw8-x";

	private static final long NANOS_PER_MILLI = 1_000_000;

	private final ServiceIdentity identity;

	private final Peers peers;

	private final References references;

	private final SpanTags tags = new SpanTags();

	private final SpanLogs logs = new SpanLogs();

	private volatile int maxSpans = DEFAULT_MAX_SPANS;

	SegmentTranslator(ServiceIdentity identity) {
		this.identity = identity;
		this.peers = new Peers(identity.cluster());
		this.references = new References(identity);
	}

	/**
	 * Changes how many spans of a segment are sent. Any thread may call it.
	 * @param limit the number of spans, 1 or more
	 */
	void maxSpans(int limit) {
		this.maxSpans = Math.max(1, limit);
	}

	/**
	 * The id of the trace as SkyWalking gets it: that of the segment, unless too long.
	 */
	static String traceId(Segment segment) {
		String id = segment.traceId();
		return (id.length() <= WireText.MAX_ID) ? id : segment.traceIdHex();
	}

	/** The id of the segment, which is also in {@code sw8}. */
	static String segmentId(Segment segment) {
		return segment.id();
	}

	SegmentObject translate(Segment segment) {
		List<SpanData> spans = segment.spans();
		int limit = this.maxSpans;
		SegmentObject.Builder result = SegmentObject.newBuilder()
			.setTraceId(WireText.name(traceId(segment), WireText.MAX_ID))
			.setTraceSegmentId(WireText.name(segmentId(segment), WireText.MAX_ID))
			.setService(WireText.name(this.identity.service(), ServiceIdentity.MAX_SERVICE))
			.setServiceInstance(WireText.name(this.identity.instance(), ServiceIdentity.MAX_LENGTH))
			.setIsSizeLimited(segment.droppedSpans() > 0 || spans.size() > limit);
		boolean skipAnalysis = extension(segment).startsWith("1");
		SentSpans sent = new SentSpans(Math.min(spans.size(), limit));
		SpanData root = segment.root();
		// A segment without a span 0 is lost on the server.
		result.addSpans(span(segment, root, sent, skipAnalysis));
		for (SpanData span : spans) {
			if (span != root && !sent.isFull(limit)) {
				result.addSpans(span(segment, span, sent, skipAnalysis));
			}
		}
		return result.build();
	}

	private SpanObject.Builder span(Segment segment, SpanData span, SentSpans sent, boolean skipAnalysis) {
		SpanObject.Builder target = SpanObject.newBuilder();
		try {
			describe(segment, span, sent, target);
		}
		catch (RuntimeException ex) {
			// What is there so far is better than no segment.
			if (target.getOperationName().isEmpty()) {
				target.setOperationName(WireText.name(span.name(), WireText.MAX_OPERATION));
			}
		}
		int number = (span == segment.root()) ? 0 : span.number();
		long start = Math.max(0, span.startEpochNanos() / NANOS_PER_MILLI);
		target.setSpanId(number)
			.setParentSpanId((number == 0) ? -1 : sent.parentOf(span))
			.setStartTime(start)
			.setEndTime(Math.max(start, endMillis(span)))
			.setSkipAnalysis(skipAnalysis);
		sent.add(number, target.getSpanType() == SpanType.Entry || sent.isBelowEntry(span));
		return target;
	}

	private void describe(Segment segment, SpanData span, SentSpans sent, SpanObject.Builder target) {
		boolean root = span == segment.root();
		Technology technology = Technology.of(span);
		SpanType type = type(span.kind());
		if (type == SpanType.Entry && !root && sent.isBelowEntry(span)) {
			// The server takes every entry for a call from outside.
			type = SpanType.Local;
		}
		target.setSpanType(type)
			.setOperationName(WireText.name(OperationNames.of(span, technology), WireText.MAX_OPERATION));
		target.setComponentId(Components.of(span, technology));
		if (root) {
			this.references.addCause(segment, target);
		}
		this.references.addLinks(span, target);
		if (type == SpanType.Exit || (type == SpanType.Entry && technology == Technology.MESSAGING)) {
			target.setPeer(this.peers.of(span, technology));
		}
		target.setSpanLayer(layer(span, technology, type, target));
		if (root) {
			rootTags(segment, span, type, technology, target);
		}
		this.tags.addAll(span, technology, target);
		target.setIsError(isError(span, technology, type));
		this.logs.addAll(span, endMillis(span), target);
	}

	private void rootTags(Segment segment, SpanData root, SpanType type, Technology technology,
			SpanObject.Builder target) {
		PropagatedContext cause = segment.cause();
		boolean continued = cause != null && cause.hasTrace() && cause.local();
		if (type == SpanType.Local && (technology == Technology.JOB || !continued)) {
			this.tags.logicEndpoint(target);
		}
		if (type == SpanType.Entry && cause != null && !cause.local()) {
			long sent = sendingTime(extension(segment));
			long latency = root.startEpochNanos() / NANOS_PER_MILLI - sent;
			// Clocks of two machines may well disagree by more than a message takes.
			if (sent > 0 && latency >= 0) {
				this.tags.latency(target, latency);
			}
		}
	}

	/** A message that came from this very process has no broker to be drawn. */
	private static SpanLayer layer(SpanData span, Technology technology, SpanType type, SpanObject.Builder target) {
		SpanLayer layer = Components.layer(span, technology);
		if (type == SpanType.Local && layer != SpanLayer.Http) {
			return SpanLayer.Unknown;
		}
		if (layer == SpanLayer.MQ && type == SpanType.Entry
				&& target.getRefsList().stream().anyMatch((ref) -> ref.getNetworkAddressUsedAtPeer().isEmpty())) {
			return SpanLayer.Unknown;
		}
		return layer;
	}

	private static SpanType type(Span.@Nullable Kind kind) {
		return (kind == null) ? SpanType.Local : switch (kind) {
			case SERVER, CONSUMER -> SpanType.Entry;
			case CLIENT, PRODUCER -> SpanType.Exit;
		};
	}

	/** For SkyWalking a request with status 4xx has failed on both sides. */
	private static boolean isError(SpanData span, Technology technology, SpanType type) {
		return span.isFailed()
				|| (technology == Technology.HTTP && type != SpanType.Local && Attributes.httpStatus(span) >= 400);
	}

	private static long endMillis(SpanData span) {
		return (span.startEpochNanos() + span.durationNanos()) / NANOS_PER_MILLI;
	}

	private static String extension(Segment segment) {
		PropagatedContext cause = segment.cause();
		String extension = (cause != null) ? cause.extensions().get(EXTENSION) : null;
		return (extension != null) ? extension : "";
	}

	/** The second field of {@code sw8-x}, milliseconds since the epoch, or 0. */
	private static long sendingTime(String extension) {
		int dash = extension.indexOf('-');
		long time = 0;
		for (int i = dash + 1; dash >= 0 && i < extension.length(); i++) {
			char c = extension.charAt(i);
			if (c < '0' || c > '9' || i - dash > 15) {
				return 0;
			}
			time = time * 10 + (c - '0');
		}
		return time;
	}

}
