package dev.apm4j.propagation;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.TraceIds;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Zipkin's B3 headers, in one header {@code b3} or in several {@code X-B3-} headers.
 * <ul>
 * <li>Ids are lower-case hexadecimal as the specification says and as Brave reads them;
 * upper case is invalid. Trace ids of 64 bits are padded on the left with zeros and
 * always written with 32 digits.</li>
 * <li>The single form, when it reads, also knows the multiple headers; a valid single
 * header wins.</li>
 * <li>{@code 0}, {@code 1} and {@code d} without ids are a decision for the trace that
 * begins here. No decision leaves it to this process.</li>
 * <li>Debug is a sampled trace that also says so further on: it travels in
 * {@link PropagatedContext#extensions()} under {@value #FLAGS}.</li>
 * </ul>
 */
public final class B3Codec implements HeaderCodec {

	/** The name of the format with one header. */
	public static final String SINGLE_NAME = "b3";

	/** The name of the format with several headers. */
	public static final String MULTI_NAME = "b3-multi";

	static final String B3 = "b3";

	static final String TRACE_ID = "X-B3-TraceId";

	static final String SPAN_ID = "X-B3-SpanId";

	static final String PARENT_SPAN_ID = "X-B3-ParentSpanId";

	static final String SAMPLED = "X-B3-Sampled";

	/** Header of the debug flag, and the extension's name. */
	static final String FLAGS = "X-B3-Flags";

	private static final String DEBUG = "1";

	private final boolean single;

	private B3Codec(boolean single) {
		this.single = single;
	}

	/**
	 * The format that writes one header.
	 * @return the format {@value #SINGLE_NAME}
	 */
	public static B3Codec single() {
		return new B3Codec(true);
	}

	/**
	 * The format that writes several headers.
	 * @return the format {@value #MULTI_NAME}
	 */
	public static B3Codec multi() {
		return new B3Codec(false);
	}

	@Override
	public String name() {
		return this.single ? SINGLE_NAME : MULTI_NAME;
	}

	@Override
	public List<String> fields() {
		return this.single ? List.of(B3, TRACE_ID, SPAN_ID, PARENT_SPAN_ID, SAMPLED, FLAGS)
				: List.of(TRACE_ID, SPAN_ID, PARENT_SPAN_ID, SAMPLED, FLAGS);
	}

	@Override
	public <C> void extract(C carrier, Propagator.Getter<C> getter, PropagatedContextBuilder into) {
		String header = this.single ? getter.get(carrier, B3) : null;
		if (header == null || !readSingle(HeaderText.trim(header), into)) {
			readMultiple(carrier, getter, into);
		}
	}

	/** Reads {@code traceId-spanId[-sampled][-parentSpanId]} or a decision alone. */
	private static boolean readSingle(String header, PropagatedContextBuilder into) {
		int length = header.length();
		if (length == 1) {
			char state = header.charAt(0);
			return isState(state) && accept(null, 0, null, state, into);
		}
		int traceEnd = header.indexOf('-');
		int spanEnd = traceEnd + 17;
		if (traceEnd < 0 || spanEnd > length) {
			return false;
		}
		char state = 0;
		int rest = spanEnd;
		if (rest + 2 <= length && isState(header.charAt(rest + 1))
				&& (rest + 2 == length || header.charAt(rest + 2) == '-')) {
			state = header.charAt(rest + 1);
			if (header.charAt(rest) != '-') {
				return false;
			}
			rest += 2;
		}
		String parentId = null;
		if (rest < length) {
			if (header.charAt(rest) != '-' || !isSpanId(header, rest + 1, length)) {
				return false;
			}
			parentId = header.substring(rest + 1);
		}
		if (!isTraceId(header, traceEnd) || !isSpanId(header, traceEnd + 1, spanEnd)) {
			return false;
		}
		long spanId = TraceIds.parse(header, traceEnd + 1, spanEnd);
		return accept(header.substring(0, traceEnd), spanId, parentId, state, into);
	}

	private static <C> void readMultiple(C carrier, Propagator.Getter<C> getter, PropagatedContextBuilder into) {
		String sampled = getter.get(carrier, SAMPLED);
		char state = 0;
		if (sampled != null) {
			state = switch (sampled) {
				case "1" -> '1';
				case "0" -> '0';
				default -> sampled.equalsIgnoreCase("true") ? '1' : sampled.equalsIgnoreCase("false") ? '0' : 'x';
			};
			if (state == 'x') {
				return;
			}
		}
		if (DEBUG.equals(getter.get(carrier, FLAGS))) {
			state = 'd';
		}
		String traceId = getter.get(carrier, TRACE_ID);
		if (traceId == null) {
			if (state != 0) {
				accept(null, 0, null, state, into);
			}
			return;
		}
		String spanId = getter.get(carrier, SPAN_ID);
		String parentId = getter.get(carrier, PARENT_SPAN_ID);
		if (spanId != null && isTraceId(traceId, traceId.length()) && isSpanId(spanId, 0, spanId.length())
				&& (parentId == null || isSpanId(parentId, 0, parentId.length()))) {
			accept(traceId, TraceIds.parse(spanId, 0, 16), parentId, state, into);
		}
	}

	private static boolean accept(@Nullable String traceId, long spanId, @Nullable String parentId, char state,
			PropagatedContextBuilder into) {
		if (traceId != null) {
			boolean first = !into.hasTrace();
			String id = (traceId.length() == 16) ? "0000000000000000" + traceId : traceId;
			if (!into.join(id, spanId)) {
				return true;
			}
			if (first && parentId != null) {
				into.parentId(parentId);
			}
		}
		else if (into.hasTrace()) {
			return true;
		}
		if (state != 0 && into.decide(state != '0') && state == 'd') {
			into.extension(FLAGS, DEBUG);
		}
		return true;
	}

	private static boolean isState(char c) {
		return c == '0' || c == '1' || c == 'd';
	}

	private static boolean isTraceId(String text, int end) {
		return (end == 16 && isSpanId(text, 0, 16)) || (end == 32 && TraceIds.isLowerHex(text, 0, 32)
				&& (TraceIds.parse(text, 0, 16) != 0 || TraceIds.parse(text, 16, 32) != 0));
	}

	private static boolean isSpanId(String text, int from, int to) {
		return to - from == 16 && TraceIds.isLowerHex(text, from, to) && TraceIds.parse(text, from, to) != 0;
	}

	@Override
	public <C> void inject(ApmSpan span, C carrier, Propagator.Setter<C> setter) {
		Segment segment = span.owner();
		PropagatedContext cause = segment.cause();
		boolean debug = segment.sampled() && cause != null && DEBUG.equals(cause.extensions().get(FLAGS));
		String parentId = span.parentId();
		if (this.single) {
			// A consumer never shares its producer's span id, so it needs no parent.
			boolean withParent = parentId != null && span.kind() != Span.Kind.PRODUCER;
			byte[] header = new byte[withParent ? 68 : 51];
			segment.writeTraceIdHex(header, 0);
			header[32] = '-';
			span.writeSpanId(header, 33);
			header[49] = '-';
			header[50] = (byte) (debug ? 'd' : segment.sampled() ? '1' : '0');
			if (parentId != null && withParent) {
				header[51] = '-';
				TraceIds.write(header, 52, TraceIds.parse(parentId, 0, parentId.length()));
			}
			setter.set(carrier, B3, new String(header, StandardCharsets.ISO_8859_1));
			return;
		}
		setter.set(carrier, TRACE_ID, segment.traceIdHex());
		setter.set(carrier, SPAN_ID, span.spanId());
		if (parentId != null) {
			setter.set(carrier, PARENT_SPAN_ID, parentId);
		}
		if (debug) {
			setter.set(carrier, FLAGS, DEBUG);
		}
		else {
			setter.set(carrier, SAMPLED, segment.sampled() ? "1" : "0");
		}
	}

}
