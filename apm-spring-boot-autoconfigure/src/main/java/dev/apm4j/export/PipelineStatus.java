package dev.apm4j.export;

import java.util.List;
import java.util.Map;

/**
 * A snapshot of an {@link ExportPipeline}.
 *
 * @param ingressSize segments between the request threads and the pipeline
 * @param ingressCapacity segments that may be there
 * @param ingressSpans spans of these segments, approximately
 * @param accepted segments that went through there since the start
 * @param waiting segments whose root has ended and that wait for spans on other threads
 * @param late segments that went on without such spans, because the wait was over
 * @param dropped segments that were lost for all backends, by reason, without the reasons
 * that never occurred
 * @param backends the backends
 */
public record PipelineStatus(int ingressSize, int ingressCapacity, long ingressSpans, long accepted, int waiting,
		long late, Map<DropReason, Long> dropped, List<BackendStatus> backends) {

	public PipelineStatus {
		dropped = Map.copyOf(dropped);
		backends = List.copyOf(backends);
	}

}
