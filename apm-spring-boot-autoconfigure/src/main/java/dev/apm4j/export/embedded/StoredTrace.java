package dev.apm4j.export.embedded;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.RandomAccess;

/**
 * A trace as it comes out of the store. It is a view of immutable bytes: it stays
 * readable when the trace is evicted, and a span is decoded when it is asked for, so that
 * writing out a large trace takes little memory.
 */
public final class StoredTrace {

	private static final Comparator<SpanDecoder.Place> ORDER = Comparator.comparingLong(SpanDecoder.Place::start)
		.thenComparingInt(SpanDecoder.Place::number);

	private final TraceSummary summary;

	private final int droppedSpans;

	private final List<SpanDecoder.Place> places;

	StoredTrace(TraceSummary summary, int droppedSpans, List<SpanDecoder> segments) {
		this.summary = summary;
		this.droppedSpans = droppedSpans;
		this.places = new ArrayList<>(summary.spanCount());
		segments.forEach((segment) -> segment.collectPlaces(this.places));
		this.places.sort(ORDER);
	}

	/**
	 * The trace in one line.
	 * @return the summary
	 */
	public TraceSummary summary() {
		return this.summary;
	}

	/**
	 * How many spans of the trace reached the process but are not stored.
	 * @return the number of spans
	 */
	public int droppedSpans() {
		return this.droppedSpans;
	}

	/**
	 * The spans of all segments, by start and then by number. Each access decodes.
	 * @return an immutable list
	 */
	public List<StoredSpan> spans() {
		return new DecodingList(this.places);
	}

	private static final class DecodingList extends AbstractList<StoredSpan> implements RandomAccess {

		private final List<SpanDecoder.Place> places;

		DecodingList(List<SpanDecoder.Place> places) {
			this.places = places;
		}

		@Override
		public StoredSpan get(int index) {
			return this.places.get(index).read();
		}

		@Override
		public int size() {
			return this.places.size();
		}

	}

}
