package dev.apm4j.export;

import dev.apm4j.trace.Segment;

/**
 * Counts every ended segment exactly once, sampled or not, also those that no queue had
 * room for: detail may be lost, counts never. Usually called on the pipeline's thread,
 * but on the request's own when the queue is full; so an implementation is thread-safe,
 * quick and lock-free, and does not keep the segment.
 */
@FunctionalInterface
public interface SegmentTally {

	/**
	 * Counts a segment whose root has ended.
	 * @param segment the segment; only its root is certain to be readable
	 */
	void count(Segment segment);

}
