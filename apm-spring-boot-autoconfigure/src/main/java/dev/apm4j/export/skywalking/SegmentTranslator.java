package dev.apm4j.export.skywalking;

import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.trace.Segment;

/**
 * Placeholder until the translator is merged.
 */
public final class SegmentTranslator {

	private final ServiceIdentity identity;

	public SegmentTranslator(ServiceIdentity identity) {
		this.identity = identity;
	}

	public SegmentObject translate(Segment segment) {
		return SegmentObject.newBuilder()
			.setTraceId(segment.traceId())
			.setService(this.identity.service())
			.setServiceInstance(this.identity.instance())
			.build();
	}

}
