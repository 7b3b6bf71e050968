package dev.apm4j.trace;

import java.util.stream.LongStream;

/**
 * Boxed status codes and other small numbers, one of which nearly every span has: the
 * JDK's own cache ends at 127.
 */
final class BoxedNumbers {

	private static final Long[] SMALL = LongStream.range(0, 600).boxed().toArray(Long[]::new);

	private BoxedNumbers() {
	}

	static Long of(long value) {
		return (value >= 0 && value < SMALL.length) ? SMALL[(int) value] : Long.valueOf(value);
	}

}
