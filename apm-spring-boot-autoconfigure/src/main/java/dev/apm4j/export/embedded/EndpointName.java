package dev.apm4j.export.embedded;

import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;

/**
 * What a segment begins with, as the aggregates tell them apart.
 *
 * @param name name of the root, of bounded length
 * @param kind kind of the root
 */
record EndpointName(String name, String kind) {

	/** Stands for all that are too many to be told apart. */
	static final EndpointName OTHER = new EndpointName(EndpointAggregates.OTHER, "OTHER");

	/** Stands for no request or job at all. */
	private static final EndpointName NONE = new EndpointName("(none)", "NONE");

	private static final int MAX_LENGTH = 512;

	/** The endpoint of a root; {@link #isNone()} for a call that nothing surrounds. */
	static EndpointName of(SpanData root) {
		Span.Kind kind = root.kind();
		if (kind == Span.Kind.CLIENT || kind == Span.Kind.PRODUCER) {
			return NONE;
		}
		String name = root.name();
		return new EndpointName((name.length() > MAX_LENGTH) ? name.substring(0, MAX_LENGTH) : name,
				SegmentEncoder.kind(kind));
	}

	boolean isNone() {
		return this == NONE;
	}

}
