package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;

/**
 * The pipeline, and whoever else wants to be told of segments.
 */
final class SegmentSinks implements SegmentSink {

	private final SegmentSink[] sinks;

	private SegmentSinks(List<SegmentSink> sinks) {
		this.sinks = sinks.toArray(SegmentSink[]::new);
	}

	static SegmentSink of(List<SegmentSink> sinks) {
		return (sinks.size() == 1) ? sinks.get(0) : new SegmentSinks(sinks);
	}

	@Override
	public void accept(Segment segment) {
		for (SegmentSink sink : this.sinks) {
			sink.accept(segment);
		}
	}

	@Override
	public void started(Segment segment) {
		for (SegmentSink sink : this.sinks) {
			sink.started(segment);
		}
	}

}
