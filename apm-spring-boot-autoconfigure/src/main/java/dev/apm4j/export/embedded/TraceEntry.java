package dev.apm4j.export.embedded;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A trace in the store. Its {@link State} is immutable and swapped as a whole, so that
 * readers need no lock; everything else is touched only by a writer that holds the
 * store's lock.
 */
final class TraceEntry {

	/** This object, its state and summary, the map's node and slot. */
	private static final int OVERHEAD = 224;

	private static final int STRING_OVERHEAD = 48;

	private static final int SEGMENT_OVERHEAD = 48;

	final String traceId;

	volatile State state;

	/** Neighbours in the order of eviction. */
	@Nullable TraceEntry older;

	@Nullable TraceEntry newer;

	boolean precious;

	int bytes;

	int segments;

	TraceEntry(EncodedSegment first, List<String> services, String name, int nameBytes, long slowNanos) {
		this.traceId = first.traceId();
		this.bytes = OVERHEAD + STRING_OVERHEAD + this.traceId.length() * 2 + nameBytes + cost(first);
		this.segments = 1;
		this.state = State.of(null, first, services, name, slowNanos);
	}

	static int cost(EncodedSegment segment) {
		return SEGMENT_OVERHEAD + segment.data().length;
	}

	/**
	 * Segments of a trace, newest first.
	 *
	 * @param data the segment
	 * @param previous the ones before
	 */
	record Link(byte[] data, @Nullable Link previous) {
	}

	/**
	 * What a reader sees.
	 *
	 * @param summary the summary
	 * @param last the segments
	 * @param rootStart start of the root that gave the name, nanoseconds
	 * @param start first start, nanoseconds
	 * @param end last end, nanoseconds
	 * @param droppedSpans spans that are not stored
	 */
	record State(TraceSummary summary, Link last, long rootStart, long start, long end, int droppedSpans) {

		static State of(@Nullable State before, EncodedSegment segment, List<String> services, String name,
				long slowNanos) {
			if (before == null) {
				return create(segment.traceId(), name, segment.service(), services, segment.rootKind(),
						segment.status(), segment.rootStart(), segment.start(), segment.end(), segment.spans(),
						segment.failed(), segment.repeated(), segment.dropped(), new Link(segment.data(), null),
						slowNanos);
			}
			TraceSummary old = before.summary;
			boolean earlier = segment.rootStart() < before.rootStart;
			return create(old.traceId(), earlier ? name : old.name(), earlier ? segment.service() : old.service(),
					services, earlier ? segment.rootKind() : old.kind(), earlier ? segment.status() : old.status(),
					Math.min(segment.rootStart(), before.rootStart), Math.min(segment.start(), before.start),
					Math.max(segment.end(), before.end), old.spanCount() + segment.spans(),
					old.error() || segment.failed(), old.repeated() || segment.repeated(),
					before.droppedSpans + segment.dropped(), new Link(segment.data(), before.last), slowNanos);
		}

		private static State create(String traceId, String name, String service, List<String> services, String kind,
				int status, long rootStart, long start, long end, int spans, boolean failed, boolean repeated,
				int dropped, Link last, long slowNanos) {
			long micros = SpanDecoder.micros(start);
			TraceSummary summary = new TraceSummary(traceId, name, service, services, kind, micros,
					(end - start) / 1000, spans, failed, end - start >= slowNanos, repeated, status);
			return new State(summary, last, rootStart, start, end, dropped);
		}

		State withDropped(int spans) {
			return new State(this.summary, this.last, this.rootStart, this.start, this.end, this.droppedSpans + spans);
		}

		List<String> servicesWith(String service, List<String> alone) {
			List<String> services = this.summary.services();
			if (services.contains(service)) {
				return services;
			}
			List<String> more = new ArrayList<>(services);
			more.addAll(alone);
			return List.copyOf(more);
		}

	}

}
