package dev.apm4j.export;

import java.time.Duration;
import java.util.List;

import dev.apm4j.trace.Segment;
import org.jspecify.annotations.Nullable;

/**
 * A backend. Declare a bean of this type and name it in {@code apm.backend}; the pipeline
 * does the queueing, batching, retrying and counting.
 */
public interface SegmentExporter {

	/**
	 * The name by which {@code apm.backend} chooses the backend.
	 * @return the name in lower case, such as {@code zipkin}
	 */
	String name();

	/**
	 * Sends segments. Called on the backend's own daemon thread, never by two threads at
	 * once and never on a request's thread; it may block as long as a time-out of its own
	 * allows, and nothing it calls is traced.
	 * @param batch sealed segments that are kept, at least one, immutable
	 * @throws ExportRejectedException if the backend has refused the batch and would
	 * refuse it again: it, or the part of it that was refused, is dropped and counted as
	 * {@code rejected}
	 * @throws Exception if the batch could not be delivered: it is tried again with
	 * growing pauses
	 */
	void export(List<Segment> batch) throws Exception;

	/**
	 * What a reader of the status should know of the backend beside what became of its
	 * batches, such as a heartbeat that fails. Any thread may ask.
	 * @return one line without secrets, {@code null} if there is nothing to say
	 */
	default @Nullable String notice() {
		return null;
	}

	/**
	 * Releases connections. Called once, after the last batch.
	 * @param timeout how long it may take
	 * @throws Exception if it fails, which is only logged
	 */
	default void close(Duration timeout) throws Exception {
	}

}
