package dev.apm4j.export.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Traces in memory, bounded in bytes. The oldest trace makes room for a new one; slow and
 * failed traces are spared as long as they fill no more than half of the store.
 * Thread-safe; readers take no lock and never hold up the writer.
 */
public final class EmbeddedStore {

	/** The smallest bound. */
	public static final long MIN_BYTES = 1024 * 1024;

	/** Segments of one trace; further ones are only counted. */
	static final int MAX_SEGMENTS = 1000;

	private static final int MAX_TRACE_BYTES = 8 * 1024 * 1024;

	private static final Comparator<TraceSummary> OLDEST_FIRST = Comparator.comparingLong(TraceSummary::start)
		.thenComparing(TraceSummary::traceId);

	private final long configuredBytes;

	private final long maxBytes;

	private final int maxTraceBytes;

	private final long slowNanos;

	private final StringTable table;

	private final ConcurrentMap<String, TraceEntry> traces = new ConcurrentHashMap<>();

	private final ReentrantLock writing = new ReentrantLock();

	private final EvictionOrder normal = new EvictionOrder();

	private final EvictionOrder precious = new EvictionOrder();

	private volatile long traceBytes;

	private volatile long evicted;

	private volatile long droppedSegments;

	/** The services of most traces: one. */
	private List<String> lastServices = List.of("");

	/**
	 * Creates an empty store. The bound in force is the smaller one of {@code maxBytes}
	 * and a quarter of the heap's maximum.
	 * @param maxBytes the configured bound, {@value #MIN_BYTES} or more
	 * @param slow traces that take at least this long are kept longer
	 */
	public EmbeddedStore(long maxBytes, Duration slow) {
		this(maxBytes, slow, Runtime.getRuntime().maxMemory());
	}

	EmbeddedStore(long maxBytes, Duration slow, long heapBytes) {
		if (maxBytes < MIN_BYTES) {
			throw new IllegalArgumentException(
					"The embedded store needs " + MIN_BYTES + " bytes or more but is to have " + maxBytes);
		}
		if (slow.isNegative()) {
			throw new IllegalArgumentException("The threshold of slow traces must not be negative but is " + slow);
		}
		this.configuredBytes = maxBytes;
		this.maxBytes = Math.max(MIN_BYTES, Math.min(maxBytes, heapBytes / 4));
		this.maxTraceBytes = (int) Math.min(MAX_TRACE_BYTES, this.maxBytes / 8);
		this.slowNanos = (slow.getSeconds() < Long.MAX_VALUE / 2_000_000_000L) ? slow.toNanos() : Long.MAX_VALUE;
		this.table = new StringTable(Math.min(this.maxBytes / 16, 1024 * 1024));
	}

	SegmentEncoder encoder(String service, String instance) {
		return new SegmentEncoder(this.table, service, instance, this.maxTraceBytes);
	}

	void add(EncodedSegment segment) {
		this.writing.lock();
		try {
			TraceEntry entry = this.traces.get(segment.traceId());
			if (segment.spans() == 0) {
				drop(entry, segment);
			}
			else if (entry == null) {
				create(segment);
			}
			else {
				extend(entry, segment);
			}
			makeRoom();
		}
		finally {
			this.writing.unlock();
		}
	}

	/** Counts a segment that could not be encoded. */
	void countDropped() {
		this.writing.lock();
		try {
			this.droppedSegments++;
		}
		finally {
			this.writing.unlock();
		}
	}

	private void create(EncodedSegment segment) {
		int nameNumber = this.table.numberOf(segment.rootName());
		String name = (nameNumber >= 0) ? this.table.string(nameNumber) : segment.rootName();
		int nameBytes = (nameNumber >= 0) ? 0 : name.length() * 2;
		TraceEntry entry = new TraceEntry(segment, services(segment.service()), name, nameBytes, this.slowNanos);
		if (entry.bytes > this.maxTraceBytes + this.maxTraceBytes / 4) {
			drop(null, segment);
			return;
		}
		this.traces.put(entry.traceId, entry);
		entry.precious = isPrecious(entry);
		order(entry).add(entry);
		this.traceBytes += entry.bytes;
	}

	private void extend(TraceEntry entry, EncodedSegment segment) {
		int nameNumber = this.table.numberOf(segment.rootName());
		String name = (nameNumber >= 0) ? this.table.string(nameNumber) : segment.rootName();
		int cost = TraceEntry.cost(segment) + ((nameNumber >= 0) ? 0 : name.length() * 2);
		if (entry.segments == MAX_SEGMENTS || entry.bytes + cost > this.maxTraceBytes) {
			drop(entry, segment);
			return;
		}
		TraceEntry.State before = entry.state;
		List<String> services = before.servicesWith(segment.service(), services(segment.service()));
		cost += (services.size() - before.summary().services().size()) * 64;
		entry.state = TraceEntry.State.of(before, segment, services, name, this.slowNanos);
		entry.segments++;
		entry.bytes += cost;
		order(entry).grown(cost);
		this.traceBytes += cost;
		if (!entry.precious && isPrecious(entry)) {
			this.normal.remove(entry);
			entry.precious = true;
			this.precious.add(entry);
		}
	}

	private void drop(@Nullable TraceEntry entry, EncodedSegment segment) {
		this.droppedSegments++;
		if (entry != null) {
			entry.state = entry.state.withDropped(segment.spans() + segment.dropped());
		}
	}

	private void makeRoom() {
		while (bytes() > this.maxBytes) {
			boolean spare = this.precious.bytes() <= this.maxBytes / 2 && this.normal.oldest() != null;
			TraceEntry victim = spare ? this.normal.oldest() : this.precious.oldest();
			if (victim == null) {
				victim = this.normal.oldest();
			}
			if (victim == null) {
				return;
			}
			order(victim).remove(victim);
			this.traces.remove(victim.traceId);
			this.traceBytes -= victim.bytes;
			this.evicted++;
		}
	}

	private EvictionOrder order(TraceEntry entry) {
		return entry.precious ? this.precious : this.normal;
	}

	private static boolean isPrecious(TraceEntry entry) {
		TraceSummary summary = entry.state.summary();
		return summary.error() || summary.slow();
	}

	private List<String> services(String service) {
		if (!this.lastServices.get(0).equals(service)) {
			this.lastServices = List.of(service);
		}
		return this.lastServices;
	}

	private long bytes() {
		return this.traceBytes + this.table.bytes();
	}

	/**
	 * Lists traces.
	 * @param query which ones
	 * @return their summaries, the one that started last first
	 */
	public List<TraceSummary> list(TraceQuery query) {
		PriorityQueue<TraceSummary> newest = new PriorityQueue<>(OLDEST_FIRST);
		for (TraceEntry entry : this.traces.values()) {
			TraceSummary summary = entry.state.summary();
			if (!query.matches(summary)) {
				continue;
			}
			if (newest.size() < query.limit()) {
				newest.add(summary);
			}
			else if (OLDEST_FIRST.compare(summary, newest.element()) > 0) {
				newest.remove();
				newest.add(summary);
			}
		}
		List<TraceSummary> list = new ArrayList<>(newest);
		list.sort(OLDEST_FIRST.reversed());
		return list;
	}

	/**
	 * Finds a trace.
	 * @param traceId the trace id, as it stands in a summary
	 * @return the trace, or nothing if it never was in the store or had to make room
	 */
	public Optional<StoredTrace> find(String traceId) {
		TraceEntry entry = this.traces.get(traceId);
		if (entry == null) {
			return Optional.empty();
		}
		TraceEntry.State state = entry.state;
		// The chain begins with the segment that arrived last.
		List<SpanDecoder> segments = new ArrayList<>();
		for (TraceEntry.Link link = state.last(); link != null; link = link.previous()) {
			segments.add(new SpanDecoder(this.table, link.data()));
		}
		Collections.reverse(segments);
		return Optional.of(new StoredTrace(state.summary(), state.droppedSpans(), segments));
	}

	/**
	 * How full the store is.
	 * @return the status of this moment
	 */
	public StoreStatus status() {
		return new StoreStatus(bytes(), this.maxBytes, this.configuredBytes, this.traces.size(), this.evicted,
				this.droppedSegments);
	}

}
