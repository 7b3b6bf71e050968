package dev.apm4j.export.embedded;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.ExitCall;
import dev.apm4j.trace.ExitCalls;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanLimits;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

/**
 * Makes segments that execute SQL, with the real tracer.
 */
public final class Statements {

	/** So many executions of a statement in a segment are suspicious. */
	public static final int THRESHOLD = 5;

	private final Segments segments;

	private final ExitCalls calls;

	public Statements(Segments segments) {
		this.segments = segments;
		this.calls = new ExitCalls(segments.tracer(), THRESHOLD,
				() -> Map.of(DatabaseAttributes.CALLERS, List.of("shop.Orders.load(Orders.java:7)")));
	}

	/** A template with the attributes of a statement. */
	public static SpanTemplate template(String operation, String table, String text) {
		Map<String, Object> attributes = new HashMap<>();
		attributes.put(DatabaseAttributes.SYSTEM, "h2database");
		attributes.put(DatabaseAttributes.NAMESPACE, "shop");
		attributes.put(DatabaseAttributes.OPERATION, operation);
		if (table != null) {
			attributes.put(DatabaseAttributes.COLLECTION, table);
		}
		if (text != null) {
			attributes.put(DatabaseAttributes.QUERY_TEXT, text);
		}
		return SpanTemplate.of((table != null) ? operation + " " + table : operation, Span.Kind.CLIENT, attributes,
				new SpanLimits(1000, 64, 100_000, 64, 32));
	}

	public static SpanTemplate select(String table) {
		return template("SELECT", table, "SELECT * FROM " + table + " WHERE id = ?");
	}

	/** A served request that does something. */
	public Segment request(String name, Runnable work) {
		return segment(this.segments.tracer().nextSegment(null).kind(Span.Kind.SERVER).name(name), work);
	}

	public Segment segment(ApmSpan root, Runnable work) {
		root.start();
		try (Tracer.SpanInScope scope = this.segments.tracer().withSpan(root)) {
			work.run();
		}
		root.end();
		return this.segments.take().get(0);
	}

	public void execute(SpanTemplate template, int times) {
		for (int i = 0; i < times; i++) {
			execute(template, 0, 0);
		}
	}

	public void execute(SpanTemplate template, int rows, long waitNanos) {
		ExitCall call = this.calls.newCall();
		call.begin(template, waitNanos);
		call.succeeded();
		call.addRows(rows);
	}

	public void change(SpanTemplate template, int rows) {
		ExitCall call = this.calls.newCall();
		call.begin(template, 0);
		call.addAffectedRows(rows);
		call.succeeded();
	}

	public void fail(SpanTemplate template, Throwable error) {
		ExitCall call = this.calls.newCall();
		call.begin(template, 0);
		call.failed(error, "42S02");
	}

	/** Segments of the calls outside of any. */
	public List<Segment> alone(Runnable work) {
		work.run();
		return this.segments.take();
	}

}
