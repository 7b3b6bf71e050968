package dev.apm4j.trace.kit;

/**
 * Makes the tracer that the kit examines; the only thing a user of the kit writes.
 */
@FunctionalInterface
public interface TracerFactory {

	/**
	 * Creates a fresh, independent tracer. It is called for each test.
	 * @param options what the test needs
	 * @return the tracer, closed by the kit when the test is over
	 */
	TracerUnderTest create(TracerOptions options);

}
