package dev.apm4j.export.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanLimits;
import io.micrometer.tracing.Span;

/**
 * Makes sealed segments with the real tracer.
 */
public final class Segments {

	/** Microseconds since the epoch at which test traces begin. */
	public static final long EPOCH = 1_700_000_000_000_000L;

	private final List<Segment> ended = new ArrayList<>();

	private final ApmTracer tracer = ApmTracer.builder()
		.limits(new SpanLimits(200_000, 64, 4096, 64, 32))
		.sink(this.ended::add)
		.build();

	public ApmTracer tracer() {
		return this.tracer;
	}

	/** The segments that have ended since the last call. */
	public List<Segment> take() {
		List<Segment> taken = List.copyOf(this.ended);
		this.ended.clear();
		taken.forEach(Segment::seal);
		return taken;
	}

	/** A segment of one span in a trace. */
	public Segment segment(String traceId, String name, long start, long duration, Consumer<ApmSpan> content) {
		return segment(traceId, "00000000000000aa", name, Span.Kind.SERVER, start, duration, content);
	}

	public Segment segment(String traceId, String parentId, String name, Span.Kind kind, long start, long duration,
			Consumer<ApmSpan> content) {
		ApmSpan root = this.tracer
			.nextSegment(PropagatedContext.builder().traceId(traceId).spanId(parentId).sampled(Boolean.TRUE).build());
		root.kind(kind).name(name).startTimestamp(EPOCH + start, TimeUnit.MICROSECONDS).start();
		content.accept(root);
		root.end(EPOCH + start + duration, TimeUnit.MICROSECONDS);
		return take().get(0);
	}

	/** A segment that is a local job with nothing in it. */
	public Segment local(String name, long duration) {
		ApmSpan root = this.tracer.nextSegment(null).name(name).startTimestamp(EPOCH, TimeUnit.MICROSECONDS).start();
		root.end(EPOCH + duration, TimeUnit.MICROSECONDS);
		return take().get(0);
	}

	/** A trace id for a number. */
	public static String traceId(int number) {
		return String.format("%032x", number + 1);
	}

}
