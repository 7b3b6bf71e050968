package dev.apm4j.usage;

import java.util.function.Consumer;

/**
 * Knows which methods were called. For one consumer.
 */
interface InvocationSource {

	/**
	 * Hands out the methods that were called since the last time.
	 * @param consumer takes each such method once
	 */
	void drain(Consumer<MethodKey> consumer);

}
