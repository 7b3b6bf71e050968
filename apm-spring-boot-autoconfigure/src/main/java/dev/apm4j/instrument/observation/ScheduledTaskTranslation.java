package dev.apm4j.instrument.observation;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.Observation;

/**
 * The observation of a {@code @Scheduled} method: a job, and so a segment of its own.
 */
final class ScheduledTaskTranslation implements SpanTranslation {

	@Override
	public String observationName() {
		return "tasks.scheduled.execution";
	}

	@Override
	public boolean isRoot() {
		return true;
	}

	@Override
	public void started(Observation.Context context, ApmSpan span) {
		span.tag("apm.job.type", "scheduled");
	}

	@Override
	public void stopped(Observation.Context context, ApmSpan span) {
		String type = HttpTranslation.value(context, "code.namespace");
		String method = HttpTranslation.value(context, "code.function");
		if (type != null && method != null) {
			span.name(type.substring(type.lastIndexOf('.') + 1) + "." + method);
			span.tag("code.function.name", type + "." + method);
		}
		span.tag("apm.job.outcome", (context.getError() != null) ? "failure" : "success");
	}

}
