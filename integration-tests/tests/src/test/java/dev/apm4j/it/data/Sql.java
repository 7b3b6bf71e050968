package dev.apm4j.it.data;

import java.util.Comparator;
import java.util.List;

import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.RecordedTrace;

/**
 * What a request has left: its answer, and its trace with the SQL in it.
 *
 * @param body what the application answered
 * @param trace the trace
 * @param request the request's span
 */
record Sql(String body, RecordedTrace trace, RecordedSpan request) {

	/**
	 * The spans of SQL in the order in which they began, without those of waiting for a
	 * connection: how long that takes is chance.
	 * @return the spans
	 */
	List<RecordedSpan> spans() {
		return this.trace.spans()
			.stream()
			.filter((span) -> span.attribute("db.system.name") != null && !isWait(span))
			.sorted(Comparator.comparingLong(RecordedSpan::start))
			.toList();
	}

	static boolean isWait(RecordedSpan span) {
		return span.name().startsWith("CONNECT");
	}

	List<String> names() {
		return spans().stream().map(RecordedSpan::name).toList();
	}

	/**
	 * The only span of SQL.
	 * @return the span
	 */
	RecordedSpan single() {
		List<RecordedSpan> spans = spans();
		if (spans.size() != 1) {
			throw new AssertionError("Not one span of SQL but " + spans);
		}
		return spans.get(0);
	}

	RecordedSpan named(String name) {
		return this.trace.named(name);
	}

}
