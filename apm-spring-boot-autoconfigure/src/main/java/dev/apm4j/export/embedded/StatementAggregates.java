package dev.apm4j.export.embedded;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

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
		@Nullable StatementRecorder[] counting = new StatementRecorder[calls.size()];
		for (int i = 0; i < counting.length; i++) {
			CallStatistics each = calls.get(i);
			StatementRecorder recorder = recorder(each);
			if (recorder != null && each.succeeded() + each.failed() > 0) {
				recorder.count(each);
				counting[i] = recorder;
			}
		}
		EndpointName endpoint = EndpointName.of(segment.root());
		for (int i = 0; i < counting.length; i++) {
			StatementRecorder recorder = counting[i];
			if (recorder != null) {
				countRequest(recorder, endpoint, calls, counting, i);
			}
		}
	}

	/**
	 * A statement may be called under several templates, such as batches of several
	 * sizes, and still is in one request: counts for all of them, and takes them out.
	 */
	private static void countRequest(StatementRecorder recorder, EndpointName endpoint, List<CallStatistics> calls,
			@Nullable StatementRecorder[] counting, int first) {
		long executions = 0;
		boolean repeated = false;
		for (int i = first; i < counting.length; i++) {
			if (counting[i] == recorder) {
				CallStatistics each = calls.get(i);
				executions += (long) each.succeeded() + each.failed();
				repeated |= each.isRepeated();
				counting[i] = null;
			}
		}
		recorder.countRequest(endpoint, executions, repeated);
	}

	private @Nullable StatementRecorder recorder(CallStatistics calls) {
		SpanTemplate template = calls.template();
		if (template == null) {
			return this.recorders.other();
		}
		StatementKey key = StatementKey.of(template);
		if (key == null) {
			return null;
		}
		StatementRecorder known = this.recorders.find(key);
		return (known != null) ? known
				: this.recorders.create(key, (created) -> StatementRecorder.of(created, template));
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

}
