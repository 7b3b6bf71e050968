package dev.apm4j.export.skywalking;

import java.util.BitSet;

import dev.apm4j.trace.SpanData;

/**
 * Which spans of a segment were translated already; parents come before their children.
 */
final class SentSpans {

	private final BitSet numbers;

	/** Entries, and all that is below one. */
	private final BitSet belowEntry;

	private int size;

	SentSpans(int expected) {
		this.numbers = new BitSet(expected);
		this.belowEntry = new BitSet(expected);
	}

	void add(int number, boolean entry) {
		this.numbers.set(number);
		this.size++;
		if (entry) {
			this.belowEntry.set(number);
		}
	}

	boolean isFull(int limit) {
		return this.size >= limit;
	}

	/**
	 * The number of a span's parent, if that is sent: a parent that never ended is
	 * replaced by the root.
	 */
	int parentOf(SpanData span) {
		int parent = span.parentNumber();
		return (parent >= 0 && this.numbers.get(parent)) ? parent : 0;
	}

	boolean isBelowEntry(SpanData span) {
		return this.belowEntry.get(parentOf(span));
	}

}
