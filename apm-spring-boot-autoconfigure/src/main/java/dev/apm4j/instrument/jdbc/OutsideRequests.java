package dev.apm4j.instrument.jdbc;

/**
 * What becomes of a statement that is executed outside of any request, job or other span.
 */
public enum OutsideRequests {

	/** Each is a trace of its own, from the start of the application on. */
	ALWAYS,

	/**
	 * Each is a trace of its own once the application has started: migrations and schema
	 * checks don't fill the list of traces.
	 */
	AFTER_START,

	/** None is traced. */
	NEVER

}
