package dev.apm4j.export.embedded;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

import dev.apm4j.export.FailureText;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.CallStatistics;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.SpanEvent;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * Writes segments in the store's binary form, which {@link SpanDecoder} reads: base time,
 * service, instance, then each span with its length in front. Not thread-safe: it belongs
 * to one exporter's thread.
 */
final class SegmentEncoder {

	static final int END = 0;

	static final int STRING = 1;

	static final int LONG = 2;

	static final int DOUBLE = 3;

	static final int TRUE = 4;

	static final int FALSE = 5;

	static final int LIST = 6;

	/** Attributes beyond this are left out: one span must not push out hundreds. */
	private static final int MAX_SPAN_BYTES = 64 * 1024;

	/** Attributes whose values come again and again. */
	private static final Set<String> SHARED = Set.of(DatabaseAttributes.SYSTEM, DatabaseAttributes.NAMESPACE,
			DatabaseAttributes.OPERATION, DatabaseAttributes.COLLECTION, DatabaseAttributes.PROCEDURE,
			DatabaseAttributes.QUERY_TEXT, DatabaseAttributes.CALLERS, "server.address");

	private static final String LOCAL = "LOCAL";

	private static final List<String> KINDS = List.of(LOCAL, "SERVER", "CLIENT", "PRODUCER", "CONSUMER");

	private final ByteWriter out;

	private final String service;

	private final String instance;

	private final int maxBytes;

	/** One for all spans, as each of them would need an object otherwise. */
	private final BiConsumer<String, Object> attributes = this::writeAttribute;

	/** Where the attributes of the span that is being written have to end. */
	private int limit;

	SegmentEncoder(StringTable table, String service, String instance, int maxBytes) {
		this.out = new ByteWriter(table);
		this.service = service;
		this.instance = instance;
		this.maxBytes = maxBytes;
	}

	EncodedSegment encode(Segment segment) {
		this.out.clear();
		SpanData root = segment.root();
		long base = root.startEpochNanos();
		this.out.writeFixed(base);
		this.out.writeShared(this.service);
		this.out.writeShared(this.instance);
		long start = base;
		long end = base + root.durationNanos();
		int written = 0;
		boolean failed = false;
		List<SpanData> spans = segment.spans();
		for (int i = 0; i < spans.size(); i++) {
			SpanData span = spans.get(i);
			failed |= span.isFailed();
			int before = this.out.size();
			writeSpan(span, parentId(span, spans), base);
			if (this.out.size() > this.maxBytes) {
				this.out.truncate(before);
				break;
			}
			start = Math.min(start, span.startEpochNanos());
			end = Math.max(end, span.startEpochNanos() + span.durationNanos());
			written++;
		}
		int dropped = segment.droppedSpans() + spans.size() - written;
		return new EncodedSegment(this.out.toBytes(), segment.traceId(), root.name(), kind(root.kind()), base,
				status(root), this.service, start, end, written, dropped, failed, isAnyRepeated(segment.calls()));
	}

	private static boolean isAnyRepeated(List<CallStatistics> calls) {
		for (int i = 0; i < calls.size(); i++) {
			if (calls.get(i).isRepeated()) {
				return true;
			}
		}
		return false;
	}

	/** Most ids are at hand as numbers, and need not be made a text that is parsed. */
	private static long id(SpanData span) {
		return (span instanceof ApmSpan known) ? known.spanIdNumber() : Long.parseUnsignedLong(span.spanId(), 16);
	}

	private static long parentId(SpanData span, List<SpanData> spans) {
		int number = span.parentNumber();
		if (number >= 0 && number < spans.size() && spans.get(number).number() == number) {
			return id(spans.get(number));
		}
		String id = span.parentId();
		return (id != null) ? Long.parseUnsignedLong(id, 16) : 0;
	}

	static String kind(Span.@Nullable Kind kind) {
		return (kind != null) ? kind.name() : LOCAL;
	}

	static String kind(int code) {
		return KINDS.get(code);
	}

	private static int status(SpanData root) {
		return (root.attribute("http.response.status_code") instanceof Number number) ? number.intValue() : 0;
	}

	private void writeSpan(SpanData span, long parentId, long base) {
		int start = this.out.reserveLength();
		this.out.writeUnsigned(span.number());
		this.out.writeSigned(span.startEpochNanos() - base);
		this.out.writeUnsigned(span.durationNanos());
		this.out.writeFixed(id(span));
		this.out.writeFixed(parentId);
		this.out.writeByte(KINDS.indexOf(kind(span.kind())));
		this.out.writeShared(span.name());
		Throwable error = span.error();
		if (error != null) {
			FailureText failure = FailureText.of(error);
			this.out.writeShared(failure.type());
			this.out.writeText(failure.message());
			this.out.writeText(failure.stack());
		}
		else {
			this.out.writeText(null);
		}
		writeLinks(span.links());
		writeEvents(span.events(), base, start + MAX_SPAN_BYTES / 2);
		this.limit = start + MAX_SPAN_BYTES;
		span.forEachAttribute(this.attributes);
		this.out.writeByte(END);
		this.out.writeLength(start);
	}

	private void writeLinks(List<Link> links) {
		for (Link link : links) {
			this.out.writeText(link.getTraceContext().traceId());
			this.out.writeText(link.getTraceContext().spanId());
		}
		this.out.writeText(null);
	}

	private void writeEvents(List<SpanEvent> events, long base, int limit) {
		for (SpanEvent event : events) {
			int before = this.out.size();
			this.out.writeText(event.name());
			this.out.writeSigned(event.epochNanos() - base);
			if (this.out.size() > limit) {
				this.out.truncate(before);
				break;
			}
		}
		this.out.writeText(null);
	}

	private void writeAttribute(String key, Object value) {
		int before = this.out.size();
		writeValue(key, value, SHARED.contains(key));
		if (this.out.size() > this.limit) {
			this.out.truncate(before);
		}
	}

	private void writeValue(@Nullable String key, Object value, boolean shared) {
		if (value instanceof String text) {
			writeHead(STRING, key);
			if (shared) {
				this.out.writeShared(text);
			}
			else {
				this.out.writeText(text);
			}
		}
		else if (value instanceof Boolean flag) {
			writeHead(flag ? TRUE : FALSE, key);
		}
		else if (value instanceof Double || value instanceof Float) {
			writeHead(DOUBLE, key);
			this.out.writeFixed(Double.doubleToRawLongBits(((Number) value).doubleValue()));
		}
		else if (value instanceof Number number) {
			writeHead(LONG, key);
			this.out.writeSigned(number.longValue());
		}
		else if (value instanceof List<?> list) {
			writeHead(LIST, key);
			for (Object element : list) {
				// A list in a list does not exist in the tracer.
				if (element != null && !(element instanceof List)) {
					writeValue(null, element, shared);
				}
			}
			this.out.writeByte(END);
		}
	}

	private void writeHead(int type, @Nullable String key) {
		this.out.writeByte(type);
		if (key != null) {
			this.out.writeShared(key);
		}
	}

}
