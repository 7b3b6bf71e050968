package dev.apm4j.export.embedded;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.apm4j.export.SegmentTally;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Count, errors and duration percentiles by endpoint, over every request whether its
 * trace is sampled or not. An endpoint is what a segment begins with: a served request, a
 * consumed message, a job. Thread-safe and lock-free but for the first request of a name.
 */
public final class EndpointAggregates implements SegmentTally {

	/** How many endpoints are told apart. */
	public static final int MAX_ENDPOINTS = 1000;

	/** Name of the bucket for the endpoints that are too many. */
	public static final String OTHER = "(other)";

	private static final int MAX_NAME = 512;

	private static final long MINUTE_MILLIS = 60_000;

	private final Clock clock;

	private final long since;

	private final Map<String, ConcurrentMap<String, EndpointRecorder>> byKind = Map.of("SERVER",
			new ConcurrentHashMap<>(), "CONSUMER", new ConcurrentHashMap<>(), "LOCAL", new ConcurrentHashMap<>());

	private final AtomicInteger size = new AtomicInteger();

	private final EndpointRecorder other;

	/**
	 * Creates empty aggregates.
	 */
	public EndpointAggregates() {
		this(Clock.systemUTC());
	}

	EndpointAggregates(Clock clock) {
		this.clock = clock;
		this.since = clock.millis();
		this.other = new EndpointRecorder(OTHER, "OTHER", minute());
	}

	@Override
	public void count(Segment segment) {
		SpanData root = segment.root();
		Span.Kind kind = root.kind();
		if (kind == Span.Kind.CLIENT || kind == Span.Kind.PRODUCER) {
			// A call that nothing of ours surrounds is no endpoint of this application.
			return;
		}
		long minute = minute();
		recorder(root.name(), kind, minute).count(minute, root.durationNanos() / 1000, root.isFailed());
	}

	private EndpointRecorder recorder(String name, Span.@Nullable Kind kind, long minute) {
		String kindName = SegmentEncoder.kind(kind);
		ConcurrentMap<String, EndpointRecorder> recorders = this.byKind.get(kindName);
		if (recorders == null) {
			return this.other;
		}
		String key = (name.length() > MAX_NAME) ? name.substring(0, MAX_NAME) : name;
		EndpointRecorder recorder = recorders.get(key);
		return (recorder != null) ? recorder : newRecorder(recorders, key, kindName, minute);
	}

	private EndpointRecorder newRecorder(ConcurrentMap<String, EndpointRecorder> recorders, String name, String kind,
			long minute) {
		if (this.size.get() >= MAX_ENDPOINTS) {
			return this.other;
		}
		if (this.size.incrementAndGet() > MAX_ENDPOINTS) {
			this.size.decrementAndGet();
			return this.other;
		}
		EndpointRecorder created = new EndpointRecorder(name, kind, minute);
		EndpointRecorder first = recorders.putIfAbsent(name, created);
		if (first != null) {
			this.size.decrementAndGet();
			return first;
		}
		return created;
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
		Histogram scratch = EndpointRecorder.newHistogram();
		long now = minute();
		List<EndpointStatistics> endpoints = new ArrayList<>();
		for (ConcurrentMap<String, EndpointRecorder> recorders : this.byKind.values()) {
			recorders.values().forEach((recorder) -> endpoints.add(recorder.read(scratch, now)));
		}
		EndpointStatistics rest = this.other.read(scratch, now);
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
