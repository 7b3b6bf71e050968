package dev.apm4j.instrument.observation;

/**
 * What becomes of an Observation.
 */
public enum Treatment {

	/** It is a span, or shares the span of a native instrumentation. */
	TRACE,

	/** It has no span; what happens inside belongs to whatever is around it. */
	IGNORE,

	/** It has no span, and nothing inside it is traced. */
	SUPPRESS

}
