package dev.apm4j.trace;

/**
 * Takes lines that the application logs. Called on the thread that logs, which may be a
 * request's: an implementation neither blocks nor throws, and logs nothing itself.
 */
@FunctionalInterface
public interface LogSink {

	/**
	 * Takes a line.
	 * @param line the line
	 */
	void accept(LogLine line);

}
