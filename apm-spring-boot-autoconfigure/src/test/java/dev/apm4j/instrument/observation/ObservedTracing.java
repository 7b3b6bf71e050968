package dev.apm4j.instrument.observation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.HeaderCodec;
import dev.apm4j.propagation.PropagationFormats;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import dev.apm4j.trace.SpanData;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.Span;

import org.springframework.util.PatternMatchUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A registry whose Observations become spans, and the spans.
 */
final class ObservedTracing implements SegmentSink {

	static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	static final String CALLER = "b7ad6b7169203331";

	private final Queue<Segment> segments = new ConcurrentLinkedQueue<>();

	final ApmTracer tracer = ApmTracer.builder().sink(this).baggageFields(List.of("tenant")).build();

	final ApmPropagator propagator;

	final ObservationRegistry registry = ObservationRegistry.create();

	final ApmObservationHandler handler;

	ObservedTracing() {
		List<HeaderCodec> codecs = PropagationFormats.standard(() -> "shop", () -> "shop:1")
			.codecs(List.of("w3c", "sw8"));
		this.propagator = new ApmPropagator(this.tracer, codecs, codecs);
		this.handler = new ApmObservationHandler(this.tracer, this.propagator,
				(context) -> PatternMatchUtils.simpleMatch("spring.security.*", String.valueOf(context.getName()))
						? Treatment.IGNORE : Treatment.TRACE);
	}

	ObservedTracing handled() {
		this.registry.observationConfig().observationHandler(this.handler);
		return this;
	}

	@Override
	public void accept(Segment segment) {
		this.segments.add(segment);
	}

	List<Segment> segments() {
		return new ArrayList<>(this.segments);
	}

	List<SpanData> spans() {
		return this.segments.stream().flatMap((segment) -> segment.spans().stream()).toList();
	}

	SpanData span(String name) {
		List<SpanData> found = spans().stream().filter((span) -> span.name().equals(name)).toList();
		assertThat(found).as("spans called %s among %s", name, names()).hasSize(1);
		return found.get(0);
	}

	SpanData onlySpan() {
		assertThat(names()).hasSize(1);
		return spans().get(0);
	}

	List<String> names() {
		return spans().stream().map(SpanData::name).toList();
	}

	Observation observation(String name) {
		return Observation.createNotStarted(name, this.registry);
	}

	ApmSpan start(String name, Span.Kind kind) {
		return this.tracer.nextSpan().name(name).kind(kind).start();
	}

	static SenderContext<Map<String, String>> sender(Map<String, String> headers, Kind kind) {
		SenderContext<Map<String, String>> context = new SenderContext<>(Map::put, kind);
		context.setCarrier(headers);
		return context;
	}

	static ReceiverContext<Map<String, String>> receiver(Map<String, String> headers, Kind kind) {
		ReceiverContext<Map<String, String>> context = new ReceiverContext<>(Map::get, kind);
		context.setCarrier(headers);
		return context;
	}

	/** The endpoint that {@code sw8} names as the calling one. */
	static String callingEndpoint(Map<String, String> headers) {
		return new String(Base64.getDecoder().decode(headers.get("sw8").split("-")[6]), StandardCharsets.UTF_8);
	}

	static Map<String, String> callersHeaders() {
		return new HashMap<>(Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-01"));
	}

	/** Nothing may stay on a thread that tests share. */
	void assertThreadIsClean() {
		assertThat(this.tracer.currentSpan()).isNull();
		assertThat(this.tracer.isSuppressed()).isFalse();
		assertThat(this.tracer.getAllBaggage()).isEmpty();
		assertThat(this.registry.getCurrentObservation()).isNull();
	}

}
