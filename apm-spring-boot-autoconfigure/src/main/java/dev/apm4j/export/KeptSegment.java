package dev.apm4j.export;

import dev.apm4j.trace.Segment;

/**
 * A sealed segment on its way to the backends.
 *
 * @param segment the segment
 * @param spans its weight in the queues, fixed so that what is added is what is taken off
 * @param arrivedNanos when it was sealed, a {@link System#nanoTime()}
 */
record KeptSegment(Segment segment, int spans, long arrivedNanos) {
}
