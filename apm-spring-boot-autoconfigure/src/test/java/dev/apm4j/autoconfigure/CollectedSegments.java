package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.W3cCodec;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import dev.apm4j.trace.SpanData;
import org.awaitility.Awaitility;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Keeps the segments of a test's tracer.
 */
class CollectedSegments implements SegmentSink {

	private final List<Segment> segments = new CopyOnWriteArrayList<>();

	@Override
	public void accept(Segment segment) {
		this.segments.add(segment);
	}

	List<Segment> all() {
		return this.segments;
	}

	List<SpanData> roots() {
		return this.segments.stream().map(Segment::root).toList();
	}

	SpanData onlyRoot() {
		if (this.segments.size() != 1) {
			throw new AssertionError("expected one segment: " + describe());
		}
		return this.segments.get(0).root();
	}

	Segment await(Predicate<SpanData> root) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.segments.stream().anyMatch((segment) -> root.test(segment.root())));
		return this.segments.stream().filter((segment) -> root.test(segment.root())).findFirst().orElseThrow();
	}

	private List<String> describe() {
		return this.segments.stream()
			.map((segment) -> segment.spans().stream().map(SpanData::name).toList().toString())
			.toList();
	}

	/** A tracer whose segments are kept, and a propagator. */
	@Configuration(proxyBeanMethods = false)
	static class TracerConfiguration {

		@Bean
		CollectedSegments collectedSegments() {
			return new CollectedSegments();
		}

		@Bean
		ApmTracer tracer(CollectedSegments segments) {
			return ApmTracer.builder().sink(segments).build();
		}

		@Bean
		ApmPropagator propagator(ApmTracer tracer) {
			W3cCodec codec = new W3cCodec();
			return new ApmPropagator(tracer, List.of(codec), List.of(codec));
		}

	}

}
