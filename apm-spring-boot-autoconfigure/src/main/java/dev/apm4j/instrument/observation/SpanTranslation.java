package dev.apm4j.instrument.observation;

import java.util.Set;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.Observation;

/**
 * How the key values of one kind of Observation are said in a span.
 */
interface SpanTranslation {

	/** Name of the Observation. */
	String observationName();

	/**
	 * Names of the context classes, by which the Observation is known although the
	 * application gave it another name.
	 */
	default Set<String> contextTypes() {
		return Set.of();
	}

	/**
	 * Whether the Observation is work of its own instead of a part of what is current.
	 */
	default boolean isRoot() {
		return false;
	}

	/** Called after the start, before headers are written. */
	default void started(Observation.Context context, ApmSpan span) {
	}

	/**
	 * Called before something below writes headers, which name the endpoint: whatever is
	 * known by now that was not at the start.
	 */
	default void progressed(Observation.ContextView context, ApmSpan span) {
	}

	/** Called when an error is reported, which need not be the end. */
	default void failed(Observation.Context context, ApmSpan span) {
		span.error(context.getError());
	}

	/** Called before the span ends, to complete its name and attributes. */
	void stopped(Observation.Context context, ApmSpan span);

	/** Called at the end of an Observation that shares the span of a native hook. */
	default void enrich(Observation.Context context, ApmSpan span) {
	}

}
