package dev.apm4j.export;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.apm4j.trace.Segment;

/**
 * Calls every {@link SegmentTally} and survives each of them.
 */
final class Tallies {

	private final SegmentTally[] tallies;

	private final AtomicLong failures = new AtomicLong();

	private volatile String lastFailure = "";

	Tallies(List<SegmentTally> tallies) {
		this.tallies = tallies.toArray(SegmentTally[]::new);
	}

	void count(Segment segment) {
		for (SegmentTally tally : this.tallies) {
			try {
				tally.count(segment);
			}
			catch (Throwable ex) {
				// May be a request's thread: only noted here, logged by the pipeline's.
				this.failures.incrementAndGet();
				this.lastFailure = ex.getClass().getName();
			}
		}
	}

	long failures() {
		return this.failures.get();
	}

	/** The class of the last exception, or an empty text. */
	String lastFailure() {
		return this.lastFailure;
	}

}
