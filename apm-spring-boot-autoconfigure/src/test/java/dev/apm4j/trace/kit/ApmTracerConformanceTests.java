package dev.apm4j.trace.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.BaggageFieldCodec;
import dev.apm4j.propagation.HeaderCodec;
import dev.apm4j.propagation.W3cBaggageCodec;
import dev.apm4j.propagation.W3cCodec;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.SpanLimits;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

/**
 * The tracer of this project does what its peers agree on.
 */
class ApmTracerConformanceTests extends TracerConformanceKit {

	@Override
	protected TracerFactory factory() {
		return ApmUnderTest::new;
	}

	private static final class ApmUnderTest implements TracerUnderTest, SegmentSink {

		/** A segment is handed over as a whole; the kit looks at spans before that. */
		private final Queue<Segment> segments = new ConcurrentLinkedQueue<>();

		private final ApmTracer tracer;

		private final Propagator propagator;

		ApmUnderTest(TracerOptions options) {
			boolean always = options.sampling() == TracerOptions.Sampling.ALWAYS;
			this.tracer = ApmTracer.builder()
				.sink(this)
				.sampling(always ? SamplingPolicy.ALWAYS : SamplingPolicy.NEVER)
				.limits(new SpanLimits(10_000, 128, 4096, 128, 128))
				.baggageFields(options.remoteBaggageFields())
				.build();
			List<HeaderCodec> codecs = List.of(new W3cCodec(), new W3cBaggageCodec(),
					new BaggageFieldCodec(options.remoteBaggageFields()));
			this.propagator = new ApmPropagator(this.tracer, codecs, codecs);
		}

		@Override
		public Tracer tracer() {
			return this.tracer;
		}

		@Override
		public Propagator propagator() {
			return this.propagator;
		}

		@Override
		public void started(Segment segment) {
			this.segments.add(segment);
		}

		@Override
		public void accept(Segment segment) {
		}

		@Override
		public List<RecordedSpan> finishedSpans() {
			return this.segments.stream()
				.filter(Segment::sampled)
				.flatMap((segment) -> segment.spans().stream().map((span) -> record(segment, span)))
				.toList();
		}

		@Override
		public void close() {
		}

		private static RecordedSpan record(Segment segment, SpanData span) {
			Map<String, String> tags = new LinkedHashMap<>();
			span.attributes().forEach((key, value) -> tags.put(key, text(value)));
			Throwable error = span.error();
			return new RecordedSpan(segment.traceId(), span.spanId(), span.parentId(), span.name(), span.kind(), tags,
					span.events()
						.stream()
						.map((event) -> new RecordedSpan.Event(event.name(), instant(event.epochNanos())))
						.toList(),
					(error != null) ? error.getClass().getName() : null, (error != null) ? error.getMessage() : null,
					span.links()
						.stream()
						.map((link) -> new RecordedSpan.LinkedSpan(link.getTraceContext().traceId(),
								link.getTraceContext().spanId(),
								link.getTags()
									.entrySet()
									.stream()
									.collect(Collectors.toMap(Map.Entry::getKey, (tag) -> text(tag.getValue())))))
						.toList(),
					instant(span.startEpochNanos()), Duration.ofNanos(span.durationNanos()), tags.get("peer.service"),
					tags.get("network.peer.address"), Integer.parseInt(tags.getOrDefault("network.peer.port", "0")));
		}

		private static String text(Object value) {
			if (value instanceof List<?> list) {
				return list.stream().map(String::valueOf).collect(Collectors.joining(","));
			}
			return String.valueOf(value);
		}

		private static Instant instant(long nanos) {
			return Instant.ofEpochSecond(0, nanos);
		}

	}

}
