package dev.apm4j.export.embedded;

/**
 * A segment in the store's binary form, and what its trace's summary needs of it.
 *
 * @param data the bytes, of exactly their length
 * @param traceId the trace id
 * @param rootName name of the root
 * @param rootKind kind of the root
 * @param rootStart start of the root in nanoseconds since the epoch
 * @param status HTTP status of the root, 0 for none
 * @param service the service
 * @param start first start of a span in nanoseconds since the epoch
 * @param end last end of a span in nanoseconds since the epoch
 * @param spans number of spans in the data
 * @param dropped number of spans that are not
 * @param failed whether any span failed
 * @param repeated whether a call was repeated suspiciously often
 */
record EncodedSegment(byte[] data, String traceId, String rootName, String rootKind, long rootStart, int status,
		String service, long start, long end, int spans, int dropped, boolean failed, boolean repeated) {
}
