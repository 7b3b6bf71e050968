package dev.apm4j.instrument.servlet;

/**
 * Something in a container that tells the {@link TracingFilter} when a request is over,
 * so that the filter need not be registered as a listener. Thread-safe.
 */
public interface RequestEnd {

	/**
	 * Whether requests are reported here.
	 * @return whether this has its place in a container
	 */
	boolean isInstalled();

}
