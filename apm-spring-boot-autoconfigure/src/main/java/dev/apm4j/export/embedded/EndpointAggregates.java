package dev.apm4j.export.embedded;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.apm4j.export.SegmentTally;
import dev.apm4j.trace.CallStatistics;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import org.HdrHistogram.Histogram;

/**
 * Count, errors, duration percentiles and SQL statements by endpoint, over every request
 * whether its trace is sampled or not. An endpoint is what a segment begins with: a
 * served request, a consumed message, a job. Thread-safe and lock-free but for the first
 * request of a name.
 */
public final class EndpointAggregates implements SegmentTally {

	/** How many endpoints are told apart. */
	public static final int MAX_ENDPOINTS = 1000;

	/** Name of the bucket for the endpoints that are too many. */
	public static final String OTHER = "(other)";

	private static final long MINUTE_MILLIS = 60_000;

	private final Clock clock;

	private final long since;

	private final BoundedMap<EndpointName, EndpointRecorder> recorders;

	/**
	 * Creates empty aggregates.
	 */
	public EndpointAggregates() {
		this(Clock.systemUTC());
	}

	EndpointAggregates(Clock clock) {
		this.clock = clock;
		this.since = clock.millis();
		this.recorders = new BoundedMap<>(MAX_ENDPOINTS, new EndpointRecorder(EndpointName.OTHER, minute()));
	}

	@Override
	public void count(Segment segment) {
		SpanData root = segment.root();
		EndpointName name = EndpointName.of(root);
		if (name.isNone()) {
			// A call that nothing of ours surrounds is no endpoint of this application.
			return;
		}
		long minute = minute();
		EndpointRecorder recorder = recorder(name, minute);
		recorder.count(minute, root.durationNanos() / 1000, root.isFailed());
		long sqlCalls = 0;
		boolean repeated = false;
		List<CallStatistics> all = segment.calls();
		for (int i = 0; i < all.size(); i++) {
			CallStatistics calls = all.get(i);
			if (StatementKey.isStatement(calls)) {
				sqlCalls += (long) calls.succeeded() + calls.failed();
				repeated |= calls.isRepeated();
			}
		}
		recorder.countSql(sqlCalls, repeated);
	}

	private EndpointRecorder recorder(EndpointName name, long minute) {
		EndpointRecorder known = this.recorders.find(name);
		return (known != null) ? known
				: this.recorders.create(name, (created) -> new EndpointRecorder(created, minute));
	}

	private long minute() {
		return Math.floorDiv(this.clock.millis(), MINUTE_MILLIS);
	}

	/**
	 * Since when requests are counted.
	 * @return milliseconds since the epoch
	 */
	public long since() {
		return this.since;
	}

	/**
	 * The numbers of all endpoints that had a request.
	 * @return the endpoints, the one with the largest total first
	 */
	public List<EndpointStatistics> endpoints() {
		Histogram scratch = Timings.newHistogram();
		long now = minute();
		List<EndpointStatistics> endpoints = new ArrayList<>();
		this.recorders.values().forEach((recorder) -> endpoints.add(recorder.read(scratch, now)));
		EndpointStatistics rest = this.recorders.other().read(scratch, now);
		if (rest.count() > 0) {
			endpoints.add(rest);
		}
		endpoints.sort(Comparator.comparingLong(EndpointStatistics::total)
			.reversed()
			.thenComparing(EndpointStatistics::name)
			.thenComparing(EndpointStatistics::kind));
		return endpoints;
	}

}
