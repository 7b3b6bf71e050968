package dev.apm4j.export.embedded;

/**
 * How full the store is.
 *
 * @param bytes bytes in use
 * @param maxBytes the bound in force: the configured one, or a quarter of the heap if
 * that is less
 * @param configuredBytes the bound that was configured
 * @param traces number of traces
 * @param evicted traces that had to make room since the start
 * @param droppedSegments segments that were not stored since the start, because their
 * trace has too many already or they are too large
 */
public record StoreStatus(long bytes, long maxBytes, long configuredBytes, int traces, long evicted,
		long droppedSegments) {
}
