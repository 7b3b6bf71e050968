package dev.apm4j.trace;

/**
 * Takes segments whose root span has ended. Called on the thread that started or ended
 * it, which may be a request's: an implementation neither blocks nor throws.
 */
@FunctionalInterface
public interface SegmentSink {

	/**
	 * Takes an ended segment. Spans on other threads may still be open, see
	 * {@link Segment#isComplete()}.
	 * @param segment the segment
	 */
	void accept(Segment segment);

	/**
	 * Is told of a segment when its root starts, for those who watch what is going on.
	 * @param segment the segment, of which nothing but the root is there yet
	 */
	default void started(Segment segment) {
	}

}
