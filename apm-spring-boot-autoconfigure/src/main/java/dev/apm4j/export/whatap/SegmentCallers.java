package dev.apm4j.export.whatap;

import java.util.function.Supplier;

import dev.apm4j.trace.Hexa32;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentReference;
import dev.apm4j.trace.TraceIds;
import dev.apm4j.trace.TransactionReference;
import org.jspecify.annotations.Nullable;

/**
 * Callers by what the segments know of their causes. The ids are those of the trace, as
 * WhaTap's agents make them of {@code traceparent}: the right half of its id for the
 * whole, the calling span's for the step. Thread-safe.
 */
final class SegmentCallers implements Callers {

	private final Supplier<WhaTapSettings> settings;

	/**
	 * Creates callers.
	 * @param settings gives the settings in force
	 */
	SegmentCallers(Supplier<WhaTapSettings> settings) {
		this.settings = settings;
	}

	@Override
	public Caller of(Segment segment) {
		WhaTapSettings current = this.settings.get();
		if (!current.multiServer()) {
			return Caller.NONE;
		}
		long mtid = segment.traceIdLow();
		PropagatedContext cause = segment.cause();
		if (cause == null || !cause.hasTrace()) {
			return new Caller(mtid, 0, 0, 0, null, 0, null, 0);
		}
		TransactionReference told = cause.transaction();
		SegmentReference here = here(cause);
		if (here != null) {
			// As deep as its cause: it was not called from elsewhere.
			return new Caller(mtid, (told != null) ? told.depth() : 0, rootOf(here), current.projectCode(), null,
					WireHash.hash32(TransactionNames.ofEndpoint(here.endpoint())), orNull(current.object()),
					cause.spanIdNumber());
		}
		if (told == null) {
			return new Caller(mtid, 0, 0, 0, null, 0, null, cause.spanIdNumber());
		}
		return new Caller(mtid, told.depth(), told.txid(), projectCode(told), orNull(told.spec()), told.urlHash(),
				orNull(told.poid()), stepId(told, cause));
	}

	/** The segment in this process that is the cause, {@code null} for another's. */
	private static @Nullable SegmentReference here(PropagatedContext cause) {
		SegmentReference reference = cause.local() ? cause.reference() : null;
		return (reference != null && reference.service().isEmpty()) ? reference : null;
	}

	private static long rootOf(SegmentReference segment) {
		String id = segment.segmentId();
		return TraceIds.parse(id, id.lastIndexOf('.') + 1, id.length());
	}

	/** Older agents tell it only in {@code traceparent}, or not at all. */
	private static long stepId(TransactionReference told, PropagatedContext cause) {
		return (told.stepId() != 0 || cause.spanIdNumber() == told.txid()) ? told.stepId() : cause.spanIdNumber();
	}

	private static long projectCode(TransactionReference told) {
		int comma = told.poid().indexOf(',');
		return (comma < 0) ? 0 : Hexa32.decode(told.poid(), 0, comma);
	}

	private static @Nullable String orNull(String text) {
		return text.isEmpty() ? null : text;
	}

}
