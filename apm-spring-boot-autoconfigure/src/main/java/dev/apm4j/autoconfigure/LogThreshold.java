package dev.apm4j.autoconfigure;

/**
 * From which level on log lines are reported.
 */
enum LogThreshold {

	/** All lines. */
	TRACE,

	/** Without those of TRACE. */
	DEBUG,

	/** Without those of DEBUG. */
	INFO,

	/** Warnings and errors. */
	WARN,

	/** Errors only. */
	ERROR

}
