package dev.apm4j.export;

/**
 * A backend of a running pipeline as meters read it: every method is a plain read of a
 * counter. Thread-safe. The counters only grow; {@code offered} is the sum of
 * {@code sent}, the drops and what is queued, once nothing moves.
 */
public interface Backend {

	/**
	 * The name of the backend.
	 * @return the {@link SegmentExporter#name()}
	 */
	String name();

	/**
	 * What is known of the backend.
	 * @return the state after the last attempt
	 */
	BackendState state();

	/**
	 * How many segments wait, those of a batch that is being sent included.
	 * @return the number of segments, 0 to {@link #queueCapacity()}
	 */
	int queued();

	/**
	 * How many segments may wait.
	 * @return the number of segments
	 */
	int queueCapacity();

	/**
	 * How many spans the waiting segments have.
	 * @return the number of spans
	 */
	long queuedSpans();

	/**
	 * How many segments the pipeline had for the backend.
	 * @return the number of segments since the start
	 */
	long offered();

	/**
	 * How many segments the backend has taken.
	 * @return the number of segments since the start
	 */
	long sent();

	/**
	 * How many segments were lost for the backend.
	 * @param reason why
	 * @return the number of segments since the start; always 0 for
	 * {@link DropReason#INGRESS_FULL} and {@link DropReason#CLOSED}, which concern all
	 * backends and are counted by {@link ExportPipeline#dropped}
	 */
	long dropped(DropReason reason);

	/**
	 * All of it at once.
	 * @return a snapshot
	 */
	BackendStatus status();

}
