package dev.apm4j.trace.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelBaggageManager;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.otel.propagation.BaggageTextMapPropagator;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.jspecify.annotations.Nullable;

/**
 * Proves the kit on the OpenTelemetry SDK, set up as Spring Boot does.
 */
class OtelBridgeConformanceTests extends TracerConformanceKit {

	@Override
	protected TracerFactory factory() {
		return OtelUnderTest::new;
	}

	private static final class OtelUnderTest implements SpanExporter, TracerUnderTest {

		private final Queue<SpanData> spans = new ConcurrentLinkedQueue<>();

		private final SdkTracerProvider provider;

		private final Tracer tracer;

		private final Propagator propagator;

		OtelUnderTest(TracerOptions options) {
			boolean always = options.sampling() == TracerOptions.Sampling.ALWAYS;
			this.provider = SdkTracerProvider.builder()
				.setSampler(Sampler.parentBased(always ? Sampler.alwaysOn() : Sampler.alwaysOff()))
				.addSpanProcessor(SimpleSpanProcessor.create(this))
				.build();
			io.opentelemetry.api.trace.Tracer delegate = this.provider.get("kit");
			OtelCurrentTraceContext contexts = new OtelCurrentTraceContext();
			List<String> fields = options.remoteBaggageFields();
			OtelBaggageManager baggage = new OtelBaggageManager(contexts, fields, List.of());
			this.tracer = new OtelTracer(delegate, contexts, (event) -> {
			}, baggage);
			this.propagator = new OtelPropagator(
					ContextPropagators.create(TextMapPropagator.composite(W3CTraceContextPropagator.getInstance(),
							W3CBaggagePropagator.getInstance(), new BaggageTextMapPropagator(fields, baggage))),
					delegate);
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
		public List<RecordedSpan> finishedSpans() {
			return this.spans.stream().map(OtelUnderTest::record).toList();
		}

		@Override
		public CompletableResultCode export(Collection<SpanData> batch) {
			this.spans.addAll(batch);
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode flush() {
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode shutdown() {
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public void close() {
			this.provider.close();
		}

		private static RecordedSpan record(SpanData span) {
			EventData error = span.getEvents().stream().filter(OtelUnderTest::isError).findFirst().orElse(null);
			Map<String, String> tags = tags(span.getAttributes());
			return new RecordedSpan(span.getTraceId(), span.getSpanId(),
					SpanId.isValid(span.getParentSpanId()) ? span.getParentSpanId() : null, span.getName(),
					(span.getKind() != SpanKind.INTERNAL) ? Span.Kind.valueOf(span.getKind().name()) : null, tags,
					span.getEvents()
						.stream()
						.filter((event) -> !isError(event))
						.map((event) -> new RecordedSpan.Event(event.getName(), instant(event.getEpochNanos())))
						.toList(),
					errorAttribute(error, "exception.type"), errorAttribute(error, "exception.message"),
					span.getLinks()
						.stream()
						.map((link) -> new RecordedSpan.LinkedSpan(link.getSpanContext().getTraceId(),
								link.getSpanContext().getSpanId(), tags(link.getAttributes())))
						.toList(),
					instant(span.getStartEpochNanos()),
					Duration.ofNanos(span.getEndEpochNanos() - span.getStartEpochNanos()), tags.get("peer.service"),
					tags.get("network.peer.address"), Integer.parseInt(tags.getOrDefault("network.peer.port", "0")));
		}

		private static boolean isError(EventData event) {
			return event.getName().equals("exception");
		}

		private static @Nullable String errorAttribute(@Nullable EventData error, String key) {
			return (error != null) ? error.getAttributes().get(AttributeKey.stringKey(key)) : null;
		}

		private static Map<String, String> tags(Attributes attributes) {
			Map<String, String> tags = new LinkedHashMap<>();
			attributes.forEach((key, value) -> tags.put(key.getKey(), text(value)));
			return tags;
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
