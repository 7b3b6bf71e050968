package dev.apm4j.instrument.observation;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;

/**
 * Every key value becomes the attribute of the same name.
 */
final class GenericTranslation implements SpanTranslation {

	static final GenericTranslation INSTANCE = new GenericTranslation();

	private GenericTranslation() {
	}

	@Override
	public String observationName() {
		return "";
	}

	@Override
	public void stopped(Observation.Context context, ApmSpan span) {
		for (KeyValue keyValue : context.getAllKeyValues()) {
			// Observation adds "error" with the class name, which the span's error says.
			if (!"error".equals(keyValue.getKey())) {
				ApmObservationHandler.tag(span, keyValue);
			}
		}
	}

}
