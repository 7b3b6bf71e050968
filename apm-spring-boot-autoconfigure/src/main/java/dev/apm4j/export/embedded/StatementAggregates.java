package dev.apm4j.export.embedded;

import java.time.Clock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.export.SegmentTally;
import dev.apm4j.trace.CallStatistics;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanTemplate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Count, errors, time, rows and callers by SQL statement, over every request whether its
 * trace is sampled or not. A statement is its normalised text in its database; commits
 * and rollbacks count as statements too. Thread-safe and lock-free but for the first
 * execution of a statement.
 */
public final class StatementAggregates implements SegmentTally {

	/** How many statements are told apart. */
	public static final int MAX_STATEMENTS = 500;

	private final long since;

	private final BoundedMap<StatementKey, StatementRecorder> recorders;

	/**
	 * Creates empty aggregates.
	 */
	public StatementAggregates() {
		this(Clock.systemUTC());
	}

	StatementAggregates(Clock clock) {
		this.since = clock.millis();
		this.recorders = new BoundedMap<>(MAX_STATEMENTS, StatementRecorder.other());
	}

	@Override
	public void count(Segment segment) {
		List<CallStatistics> calls = segment.calls();
		if (calls.isEmpty()) {
			return;
		}
		// A statement may be called under several templates, such as batches of several
		// sizes, and still is in one request.
		Map<StatementRecorder, Occurrence> occurrences = new IdentityHashMap<>();
		for (CallStatistics each : calls) {
			StatementRecorder recorder = recorder(each);
			if (recorder != null && each.succeeded() + each.failed() > 0) {
				recorder.count(each);
				occurrences.computeIfAbsent(recorder, (key) -> new Occurrence()).add(each);
			}
		}
		EndpointName endpoint = EndpointName.of(segment.root());
		occurrences.forEach((recorder, seen) -> recorder.countRequest(endpoint, seen.executions, seen.repeated));
	}

	private @Nullable StatementRecorder recorder(CallStatistics calls) {
		SpanTemplate template = calls.template();
		if (template == null) {
			return this.recorders.other();
		}
		StatementKey key = StatementKey.of(template);
		return (key != null) ? this.recorders.get(key, (created) -> StatementRecorder.of(created, template)) : null;
	}

	/**
	 * The numbers of statements.
	 * @param query which ones, and in which order
	 * @return the statements, and what all together took
	 */
	public StatementReport report(StatementQuery query) {
		Histogram scratch = Timings.newHistogram();
		List<StatementStatistics> all = new ArrayList<>();
		this.recorders.values().forEach((recorder) -> all.add(recorder.read(scratch)));
		StatementStatistics rest = this.recorders.other().read(scratch);
		if (rest.count() > 0) {
			all.add(rest);
		}
		long total = all.stream().mapToLong(StatementStatistics::total).sum();
		return new StatementReport(this.since, total, all.size(),
				all.stream().filter(query::matches).sorted(query.comparator()).limit(query.limit()).toList());
	}

	/** What a segment did with a statement. */
	private static final class Occurrence {

		private long executions;

		private boolean repeated;

		void add(CallStatistics calls) {
			this.executions += (long) calls.succeeded() + calls.failed();
			this.repeated |= calls.isRepeated();
		}

	}

}
