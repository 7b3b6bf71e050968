package dev.apm4j.propagation;

import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.TraceIds;
import io.micrometer.tracing.propagation.Propagator;

/**
 * The headers {@code traceparent} and {@code tracestate} of W3C Trace Context level 2.
 * <ul>
 * <li>Version {@code 00} has exactly 55 characters; of a later version the first 55 are
 * read, if nothing or a dash follows; {@code ff} is invalid.</li>
 * <li>A {@code traceparent} that occurs more than once is invalid.</li>
 * <li>The flags <em>sampled</em> and <em>random</em> are kept, all others are cleared. A
 * trace that begins here has the random flag.</li>
 * <li>{@code tracestate} is read only with a valid {@code traceparent} and is passed on
 * as {@link TraceState} says; this tracer adds no member of its own.</li>
 * </ul>
 */
public final class W3cCodec implements HeaderCodec {

	/** The name of the format. */
	public static final String NAME = "w3c";

	static final String TRACEPARENT = "traceparent";

	static final String TRACESTATE = "tracestate";

	private static final int LENGTH = 55;

	private static final int SAMPLED = 1;

	private static final int RANDOM = 2;

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public List<String> fields() {
		return List.of(TRACEPARENT, TRACESTATE);
	}

	@Override
	public <C> void extract(C carrier, Propagator.Getter<C> getter, PropagatedContextBuilder into) {
		String header = RepeatedHeaders.single(carrier, getter, TRACEPARENT);
		if (header == null) {
			return;
		}
		int start = HeaderText.skipSpace(header, 0, header.length());
		int end = HeaderText.trimSpace(header, start, header.length());
		if (!isValid(header, start, end)) {
			return;
		}
		if (!into.join(header.substring(start + 3, start + 35), TraceIds.parse(header, start + 36, start + 52))) {
			return;
		}
		long flags = TraceIds.parse(header, start + 53, start + LENGTH);
		into.decide((flags & SAMPLED) != 0);
		if ((flags & RANDOM) != 0) {
			into.randomTraceId(true);
		}
		String state = RepeatedHeaders.combined(carrier, getter, TRACESTATE, TraceState.MAX_RECEIVED);
		if (state != null) {
			into.traceState(TraceState.normalize(state));
		}
	}

	private static boolean isValid(String header, int start, int end) {
		int length = end - start;
		if (length < LENGTH || !TraceIds.isLowerHex(header, start, start + 2)) {
			return false;
		}
		if (header.startsWith("00", start) ? length != LENGTH
				: header.startsWith("ff", start) || (length > LENGTH && header.charAt(start + LENGTH) != '-')) {
			return false;
		}
		return header.charAt(start + 2) == '-' && TraceIds.isLowerHex(header, start + 3, start + 35)
				&& header.charAt(start + 35) == '-' && TraceIds.isLowerHex(header, start + 36, start + 52)
				&& header.charAt(start + 52) == '-' && TraceIds.isLowerHex(header, start + 53, start + LENGTH)
				&& (TraceIds.parse(header, start + 3, start + 19) != 0
						|| TraceIds.parse(header, start + 19, start + 35) != 0)
				&& TraceIds.parse(header, start + 36, start + 52) != 0;
	}

	@Override
	public <C> void inject(ApmSpan span, C carrier, Propagator.Setter<C> setter) {
		Segment segment = span.owner();
		String flags = segment.randomTraceId() ? (segment.sampled() ? "-03" : "-02")
				: (segment.sampled() ? "-01" : "-00");
		setter.set(carrier, TRACEPARENT, "00-" + segment.traceIdHex() + "-" + span.spanId() + flags);
		PropagatedContext cause = segment.cause();
		if (cause != null && !cause.traceState().isEmpty()) {
			setter.set(carrier, TRACESTATE, cause.traceState());
		}
	}

}
