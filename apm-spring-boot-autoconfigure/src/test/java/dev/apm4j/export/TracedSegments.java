package dev.apm4j.export;

import java.util.ArrayList;
import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.ApmTracerBuilder;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;

/**
 * Real segments of a real tracer, for tests of what backends make of them.
 */
public class TracedSegments {

	private final List<Segment> segments = new ArrayList<>();

	private final ApmTracer tracer;

	protected TracedSegments(ApmTracerBuilder tracer) {
		this.tracer = tracer.sink(this.segments::add).build();
	}

	public ApmTracer tracer() {
		return this.tracer;
	}

	/**
	 * Begins a request with the attributes that the servlet filter sets.
	 * @return its span
	 */
	public ApmSpan request() {
		return this.tracer.nextSegment(null)
			.kind(Span.Kind.SERVER)
			.name("GET /orders/{id}")
			.tag("http.request.method", "GET")
			.tag("url.scheme", "http")
			.tag("url.path", "/orders/7")
			.tag("http.route", "/orders/{id}")
			.tag("http.response.status_code", 200)
			.start();
	}

	public ApmSpan child(ApmSpan parent, String name, Span.Kind kind) {
		return this.tracer.nextSpan(parent).name(name).kind(kind).start();
	}

	/**
	 * The one segment that has ended.
	 * @return the segment, sealed
	 */
	public Segment segment() {
		if (this.segments.size() != 1) {
			throw new AssertionError(this.segments.size() + " segments");
		}
		Segment segment = this.segments.get(0);
		segment.seal();
		return segment;
	}

}
