package dev.apm4j.export.whatap;

import java.util.function.LongSupplier;

import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentReference;
import dev.apm4j.trace.TraceIds;

/**
 * Knows where transactions come from. Called on the exporter's thread, for segments whose
 * root has started; does not throw.
 */
@FunctionalInterface
interface Callers {

	/**
	 * The caller of a transaction.
	 * @param segment the transaction
	 * @return its caller, with the id of the whole trace even if nobody called
	 */
	Caller of(Segment segment);

	/**
	 * Callers by what every trace has: the lower half of its id, the calling span, and
	 * the transaction if it is one of this process. How deep the trace is, it does not
	 * tell.
	 * @param projectCode the number of this project
	 * @return the callers
	 */
	static Callers byTraceContext(LongSupplier projectCode) {
		return (segment) -> {
			long mtid = mtid(segment);
			PropagatedContext cause = segment.cause();
			if (cause == null || !cause.hasTrace()) {
				return new Caller(mtid, 0, 0, 0, null, 0, null, 0);
			}
			String spanId = cause.spanId();
			long stepId = TraceIds.parse(spanId, 0, spanId.length());
			SegmentReference caller = cause.reference();
			if (!cause.local() || caller == null || !caller.service().isEmpty()) {
				return new Caller(mtid, 1, 0, 0, null, 0, null, stepId);
			}
			int urlHash = WireHash.hash32(TransactionNames.ofEndpoint(caller.endpoint()));
			return new Caller(mtid, 1, rootOf(caller), projectCode.getAsLong(), null, urlHash, null, stepId);
		};
	}

	/** The id of the whole trace as WhaTap's agents make it of {@code traceparent}. */
	static long mtid(Segment segment) {
		return TraceIds.parse(segment.traceIdHex(), 16, 32);
	}

	private static long rootOf(SegmentReference caller) {
		String id = caller.segmentId();
		return TraceIds.parse(id, id.lastIndexOf('.') + 1, id.length());
	}

}
