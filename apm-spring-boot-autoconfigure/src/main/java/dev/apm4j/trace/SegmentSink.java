package dev.apm4j.trace;

/**
 * Takes segments whose root span has ended. Called on the thread that ended it, which may
 * be a request's: an implementation neither blocks nor throws.
 */
@FunctionalInterface
public interface SegmentSink {

	/**
	 * Takes an ended segment. Spans on other threads may still be open, see
	 * {@link Segment#isComplete()}.
	 * @param segment the segment
	 */
	void accept(Segment segment);

}
