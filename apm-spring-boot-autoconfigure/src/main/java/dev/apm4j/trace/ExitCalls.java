package dev.apm4j.trace;

import java.util.Map;
import java.util.function.Supplier;

/**
 * Traces calls that may be repeated often in one request, such as SQL statements. Each
 * call becomes a span; but once a segment made the same call a number of times, one span
 * stands for all of them, with their count, and what follows costs neither a span nor
 * memory. Thread-safe.
 */
public final class ExitCalls {

	private final ApmTracer tracer;

	private final int threshold;

	private final Supplier<Map<String, Object>> groupAttributes;

	/**
	 * Creates the tracing of one sort of calls.
	 * @param tracer the tracer
	 * @param threshold how many calls with the same {@link SpanTemplate} in one segment
	 * become one span, 2 or more; 0 for never
	 * @param groupAttributes what else to say of a span that stands for many calls: asked
	 * once for each, by the thread of the call that reached the threshold, while that
	 * call is on the stack
	 */
	public ExitCalls(ApmTracer tracer, int threshold, Supplier<Map<String, Object>> groupAttributes) {
		if (threshold < 0 || threshold == 1) {
			throw new IllegalArgumentException("The threshold must be 0, or 2 or more, but is " + threshold);
		}
		this.tracer = tracer;
		this.threshold = threshold;
		this.groupAttributes = groupAttributes;
	}

	/**
	 * Something that makes these calls, one at a time.
	 * @return a new call
	 */
	public ExitCall newCall() {
		return new ExitCall(this);
	}

	/**
	 * The tracer.
	 * @return the tracer
	 */
	public ApmTracer tracer() {
		return this.tracer;
	}

	int threshold() {
		return this.threshold;
	}

	Map<String, Object> groupAttributes() {
		try {
			return this.groupAttributes.get();
		}
		catch (RuntimeException | LinkageError ex) {
			// A frame less is better than a request that fails.
			return Map.of();
		}
	}

}
