package dev.apm4j.instrument.observation;

import java.util.Set;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;

/**
 * The observation of a {@code @Scheduled} method: a job, and so a segment of its own.
 */
final class ScheduledTaskTranslation implements SpanTranslation {

	private static final Set<String> TYPES = Set
		.of("org.springframework.scheduling.support.ScheduledTaskObservationContext");

	private static final Set<String> TRANSLATED = Set.of("code.function", "code.namespace", "exception", "outcome",
			"error");

	private static final String FUNCTION = "code.function.name";

	@Override
	public String observationName() {
		return "tasks.scheduled.execution";
	}

	@Override
	public Set<String> contextTypes() {
		return TYPES;
	}

	@Override
	public boolean isRoot() {
		return true;
	}

	@Override
	public void started(Observation.Context context, ApmSpan span) {
		span.tag("apm.job.type", "scheduled");
		describe(context, span);
	}

	@Override
	public void stopped(Observation.Context context, ApmSpan span) {
		describe(context, span);
		for (KeyValue keyValue : context.getAllKeyValues()) {
			if (!TRANSLATED.contains(keyValue.getKey())) {
				ApmObservationHandler.tag(span, keyValue);
			}
		}
		span.tag("apm.job.outcome", (context.getError() != null) ? "failure" : "success");
	}

	private static void describe(Observation.Context context, ApmSpan span) {
		String type = HttpTranslation.value(context, "code.namespace");
		String method = HttpTranslation.value(context, "code.function");
		// Whoever knows the method itself has named the job already, perhaps as the user
		// wants it to be called.
		if (type != null && method != null && span.attribute(FUNCTION) == null) {
			span.name(type.substring(type.lastIndexOf('.') + 1) + "." + method);
			span.tag(FUNCTION, type + "." + method);
		}
	}

}
