package dev.apm4j.trace.kit;

import java.util.List;

/**
 * How a test wants its tracer to be set up.
 *
 * @param sampling the head decision for a trace that begins here
 * @param remoteBaggageFields names of the baggage entries that travel to other processes
 */
public record TracerOptions(Sampling sampling, List<String> remoteBaggageFields) {

	/**
	 * Copies the list.
	 */
	public TracerOptions {
		remoteBaggageFields = List.copyOf(remoteBaggageFields);
	}

	/**
	 * A decision that arrives from another process is honoured with either value.
	 */
	public enum Sampling {

		/**
		 * Every trace that begins here is recorded.
		 */
		ALWAYS,

		/**
		 * No trace that begins here is recorded, not even a slow or a failed one.
		 */
		NEVER

	}

}
