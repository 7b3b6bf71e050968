package dev.apm4j.instrument.observation;

import io.micrometer.tracing.handler.TracingObservationHandler;

/**
 * The tracing state of an Observation, which may hold a span that somebody else opened
 * and will end, or none at all: the handler for meters demands the state, not the span.
 */
final class ApmTracingContext extends TracingObservationHandler.TracingContext {

	private boolean owner;

	/** Whether the span was opened for this Observation and ends with it. */
	boolean isOwner() {
		return this.owner;
	}

	void own() {
		this.owner = true;
	}

}
