package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The pipeline, and whoever else wants to be told of segments. What a sink of the user's
 * throws must not reach the request that ended its span.
 */
final class SegmentSinks implements SegmentSink {

	private static final Log logger = LogFactory.getLog(SegmentSinks.class);

	private final SegmentSink[] sinks;

	private SegmentSinks(List<SegmentSink> sinks) {
		this.sinks = sinks.toArray(SegmentSink[]::new);
	}

	static SegmentSink of(List<SegmentSink> sinks) {
		return (sinks.size() == 1 && sinks.get(0) instanceof ExportPipeline) ? sinks.get(0) : new SegmentSinks(sinks);
	}

	@Override
	public void accept(Segment segment) {
		for (SegmentSink sink : this.sinks) {
			try {
				sink.accept(segment);
			}
			catch (RuntimeException ex) {
				logger.debug("A segment sink failed", ex);
			}
		}
	}

	@Override
	public void started(Segment segment) {
		for (SegmentSink sink : this.sinks) {
			try {
				sink.started(segment);
			}
			catch (RuntimeException ex) {
				logger.debug("A segment sink failed", ex);
			}
		}
	}

}
