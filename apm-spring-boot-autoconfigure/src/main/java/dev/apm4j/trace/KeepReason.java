package dev.apm4j.trace;

/**
 * Why a segment goes to the backends in full instead of only being counted.
 */
public enum KeepReason {

	/** The head decision, taken here or by the caller, was to sample. */
	SAMPLED,

	/** Not sampled, but it took at least {@link SamplingPolicy#keepSlow()}. */
	SLOW,

	/** Not sampled, but a span failed and {@link SamplingPolicy#keepErrors()} is on. */
	ERROR

}
