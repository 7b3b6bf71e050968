package dev.apm4j.instrument.servlet;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.ThreadLocalCurrentTraceContext;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.propagation.Propagator;

/**
 * A tracer, a propagator that reads {@code traceparent}, and the server spans they made.
 */
record TracerFixture(Tracer tracer, Propagator propagator, ServerSpans spans) {

	static TracerFixture apm() {
		ServerSpans spans = new ServerSpans();
		ApmTracer tracer = ApmTracer.builder().sink((segment) -> collect(segment, spans)).build();
		return new TracerFixture(tracer, new TraceparentPropagator(tracer), spans);
	}

	static void collect(Segment segment, ServerSpans spans) {
		for (SpanData span : segment.spans()) {
			if (span.kind() == Span.Kind.SERVER) {
				Map<String, String> tags = new TreeMap<>();
				span.attributes().forEach((key, value) -> tags.put(key, String.valueOf(value)));
				spans.add(new RecordedSpan(span.name(), segment.traceId(), span.spanId(), span.parentId(), tags,
						span.error()));
			}
		}
	}

	static TracerFixture brave() {
		ServerSpans spans = new ServerSpans();
		BraveBaggageManager baggage = new BraveBaggageManager();
		// Brave's own default is inheritable, and Tomcat starts threads on a request's
		// one.
		Tracing tracing = Tracing.newBuilder()
			.currentTraceContext(ThreadLocalCurrentTraceContext.create())
			.propagationFactory(new W3CPropagation(baggage, List.of()))
			.addSpanHandler(new SpanHandler() {
				@Override
				public boolean end(brave.propagation.TraceContext context, MutableSpan span, Cause cause) {
					if (cause == Cause.FINISHED && span.kind() == brave.Span.Kind.SERVER) {
						spans.add(new RecordedSpan(span.name(), span.traceId(), span.id(), span.parentId(),
								Map.copyOf(span.tags()), span.error()));
					}
					return true;
				}
			})
			.build();
		Tracer tracer = new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(tracing.currentTraceContext()),
				baggage);
		return new TracerFixture(tracer, new BravePropagator(tracing), spans);
	}

	/** As much of W3C Trace Context as the filter's tests need. */
	private record TraceparentPropagator(Tracer tracer) implements Propagator {

		@Override
		public List<String> fields() {
			return List.of("traceparent");
		}

		@Override
		public <C> void inject(TraceContext context, C carrier, Setter<C> setter) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <C> Span.Builder extract(C carrier, Getter<C> getter) {
			String header = getter.get(carrier, "traceparent");
			if (header == null) {
				return this.tracer.spanBuilder();
			}
			return this.tracer.spanBuilder()
				.setParent(this.tracer.traceContextBuilder()
					.traceId(header.substring(3, 35))
					.spanId(header.substring(36, 52))
					.sampled(header.endsWith("1"))
					.build());
		}

	}

}
