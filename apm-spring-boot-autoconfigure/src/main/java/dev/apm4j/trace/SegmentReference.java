package dev.apm4j.trace;

/**
 * What SkyWalking's {@code sw8} header tells of the segment that caused this one, beside
 * the trace id (SkyWalking Cross Process Propagation Headers Protocol v3).
 *
 * @param segmentId id of the calling segment
 * @param spanNumber number of the calling span in its segment, from 0
 * @param service name of the calling service
 * @param instance name of the calling service instance
 * @param endpoint name of the endpoint that the calling segment serves
 * @param address the address under which the caller knows this process
 */
public record SegmentReference(String segmentId, int spanNumber, String service, String instance, String endpoint,
		String address) {
}
