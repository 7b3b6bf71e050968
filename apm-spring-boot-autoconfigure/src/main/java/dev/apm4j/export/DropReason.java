package dev.apm4j.export;

import java.util.Locale;

/**
 * Why the detail of a segment was lost. It was counted by the {@link SegmentTally}s all
 * the same.
 */
public enum DropReason {

	/** The queue between the request threads and the pipeline was full. */
	INGRESS_FULL,

	/** The segment ended after the pipeline was closed. */
	CLOSED,

	/** The backend's queue was full, because it is slow or away. */
	QUEUE_FULL,

	/** The backend refused the segment for good, see {@link ExportRejectedException}. */
	REJECTED,

	/** The backend could not be reached for {@link PipelineSettings#retryMaxAge()}. */
	RETRIES_EXHAUSTED,

	/** It was still waiting when the time for the flush at shutdown was over. */
	SHUTDOWN;

	/**
	 * The reason as it appears in log lines, meters and the actuator endpoint.
	 * @return the name in lower case, such as {@code queue_full}
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT);
	}

}
