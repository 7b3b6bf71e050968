package dev.apm4j.benchmarks;

import java.util.List;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.TraceIds;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.propagation.Propagator;

/** Reads and writes {@code traceparent} through public interfaces only. */
final class TraceparentPropagator implements Propagator {

	private static final String HEADER = "traceparent";

	private final ApmTracer tracer;

	TraceparentPropagator(ApmTracer tracer) {
		this.tracer = tracer;
	}

	@Override
	public List<String> fields() {
		return List.of(HEADER);
	}

	@Override
	public <C> void inject(TraceContext context, C carrier, Setter<C> setter) {
		setter.set(carrier, HEADER, "00-" + context.traceId() + "-" + context.spanId()
				+ (Boolean.TRUE.equals(context.sampled()) ? "-01" : "-00"));
	}

	@Override
	public <C> Span.Builder extract(C carrier, Getter<C> getter) {
		String header = getter.get(carrier, HEADER);
		Span.Builder span = this.tracer.spanBuilder();
		if (header == null || header.length() != 55 || !TraceIds.isLowerHex(header, 3, 35)) {
			return span;
		}
		return span.setParent(PropagatedContext.builder()
			.ids(header.substring(3, 35), TraceIds.parse(header, 36, 52))
			.sampled((TraceIds.parse(header, 53, 55) & 1) != 0)
			.build());
	}

}
