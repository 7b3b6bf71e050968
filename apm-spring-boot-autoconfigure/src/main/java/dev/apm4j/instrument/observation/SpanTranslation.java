package dev.apm4j.instrument.observation;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.Observation;

/**
 * How the key values of one kind of Observation are said in a span.
 */
interface SpanTranslation {

	/** Name of the Observation. */
	String observationName();

	/**
	 * Whether the Observation is work of its own instead of a part of what is current.
	 */
	default boolean isRoot() {
		return false;
	}

	/** Called after the start, before headers are written. */
	default void started(Observation.Context context, ApmSpan span) {
	}

	/** Called before the span ends, to complete its name and attributes. */
	void stopped(Observation.Context context, ApmSpan span);

	/** Called at the end of an Observation that shares the span of a native hook. */
	default void enrich(Observation.Context context, ApmSpan span) {
	}

}
