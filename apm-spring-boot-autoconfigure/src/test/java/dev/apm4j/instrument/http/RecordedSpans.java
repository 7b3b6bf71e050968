package dev.apm4j.instrument.http;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The spans of the segments that have ended.
 */
public final class RecordedSpans implements SegmentSink {

	private final Queue<Segment> segments = new ConcurrentLinkedQueue<>();

	@Override
	public void accept(Segment segment) {
		this.segments.add(segment);
	}

	public List<SpanData> all() {
		return this.segments.stream().flatMap((segment) -> segment.spans().stream()).toList();
	}

	public List<SpanData> exits() {
		return all().stream().filter((span) -> span.kind() == Span.Kind.CLIENT).toList();
	}

	public SpanData exit() {
		assertThat(exits()).hasSize(1);
		return exits().get(0);
	}

	public static <T> T inRoot(ApmTracer tracer, Supplier<T> work) {
		ApmSpan root = tracer.nextSpan().name("root").start();
		try (Tracer.SpanInScope scope = tracer.withSpan(root)) {
			return work.get();
		}
		finally {
			root.end();
		}
	}

}
