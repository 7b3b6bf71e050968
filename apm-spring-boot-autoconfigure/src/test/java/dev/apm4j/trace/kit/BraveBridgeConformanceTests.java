package dev.apm4j.trace.kit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import brave.Tracing;
import brave.baggage.BaggageField;
import brave.baggage.BaggagePropagation;
import brave.baggage.BaggagePropagationConfig.SingleBaggageField;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.ThreadLocalCurrentTraceContext;
import brave.sampler.Sampler;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BraveFinishedSpan;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.exporter.FinishedSpan;
import io.micrometer.tracing.propagation.Propagator;

/**
 * Proves the kit on Brave, set up as Spring Boot does.
 */
class BraveBridgeConformanceTests extends TracerConformanceKit {

	@Override
	protected TracerFactory factory() {
		return BraveUnderTest::new;
	}

	private static final class BraveUnderTest extends SpanHandler implements TracerUnderTest {

		private final Queue<RecordedSpan> spans = new ConcurrentLinkedQueue<>();

		private final Tracing tracing;

		private final Tracer tracer;

		BraveUnderTest(TracerOptions options) {
			BraveBaggageManager baggage = new BraveBaggageManager(List.of(), options.remoteBaggageFields());
			BaggagePropagation.FactoryBuilder propagation = BaggagePropagation
				.newFactoryBuilder(new W3CPropagation(baggage, List.of()));
			for (String field : options.remoteBaggageFields()) {
				propagation.add(SingleBaggageField.remote(BaggageField.create(field)));
			}
			boolean always = options.sampling() == TracerOptions.Sampling.ALWAYS;
			this.tracing = Tracing.newBuilder()
				.currentTraceContext(ThreadLocalCurrentTraceContext.newBuilder().build())
				.propagationFactory(propagation.build())
				.sampler(always ? Sampler.ALWAYS_SAMPLE : Sampler.NEVER_SAMPLE)
				.traceId128Bit(true)
				.supportsJoin(false)
				.addSpanHandler(this)
				.build();
			this.tracer = new BraveTracer(this.tracing.tracer(),
					new BraveCurrentTraceContext(this.tracing.currentTraceContext()), baggage);
		}

		@Override
		public Tracer tracer() {
			return this.tracer;
		}

		@Override
		public Propagator propagator() {
			return new BravePropagator(this.tracing);
		}

		@Override
		public List<RecordedSpan> finishedSpans() {
			return List.copyOf(this.spans);
		}

		@Override
		public boolean end(brave.propagation.TraceContext context, MutableSpan span, Cause cause) {
			if (cause == Cause.FINISHED) {
				this.spans.add(record(span));
			}
			return true;
		}

		@Override
		public void close() {
			this.tracing.close();
		}

		private static RecordedSpan record(MutableSpan span) {
			FinishedSpan finished = BraveFinishedSpan.fromBrave(span);
			Throwable error = span.error();
			Instant start = finished.getStartTimestamp();
			return new RecordedSpan(span.traceId(), span.id(), span.parentId(),
					(span.name() != null) ? span.name() : "", finished.getKind(), new LinkedHashMap<>(span.tags()),
					events(span), (error != null) ? error.getClass().getName() : null,
					(error != null) ? error.getMessage() : null,
					finished.getLinks().stream().map(BraveUnderTest::link).toList(), start,
					Duration.between(start, finished.getEndTimestamp()), span.remoteServiceName(), span.remoteIp(),
					span.remotePort());
		}

		private static List<RecordedSpan.Event> events(MutableSpan span) {
			return span.annotations()
				.stream()
				.map((event) -> new RecordedSpan.Event(event.getValue(),
						Instant.EPOCH.plus(event.getKey(), ChronoUnit.MICROS)))
				.toList();
		}

		private static RecordedSpan.LinkedSpan link(Link link) {
			Map<String, String> tags = new LinkedHashMap<>();
			link.getTags().forEach((key, value) -> tags.put(key, String.valueOf(value)));
			return new RecordedSpan.LinkedSpan(link.getTraceContext().traceId(), link.getTraceContext().spanId(), tags);
		}

	}

}
