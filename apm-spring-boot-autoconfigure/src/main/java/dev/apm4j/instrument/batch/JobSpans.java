package dev.apm4j.instrument.batch;

import dev.apm4j.instrument.TracedMethod;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * What the roots of all jobs have in common.
 */
final class JobSpans {

	private static final String TYPE = "apm.job.type";

	private static final String OUTCOME = "apm.job.outcome";

	private JobSpans() {
	}

	static ApmSpan open(ApmTracer tracer, TracedMethod method, String type, @Nullable TraceContext cause) {
		return tracer.nextSegment(cause)
			.name(method.name())
			.tag(TYPE, type)
			.tag(TracedMethod.FUNCTION, method.function())
			.start();
	}

	/**
	 * Makes a job of a span that somebody else opened, who may know it for one already.
	 */
	static void describe(ApmSpan span, String type) {
		if (span.attribute(TYPE) == null) {
			span.tag(TYPE, type);
		}
	}

	static void ended(Span span, @Nullable Throwable error) {
		span.tag(OUTCOME, (error != null) ? "failure" : "success");
	}

}
