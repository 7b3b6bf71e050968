package dev.apm4j.instrument.observation;

import dev.apm4j.instrument.SafeUrl;
import dev.apm4j.trace.ApmSpan;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.ReceiverContext;

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

	/**
	 * An entry is named by its attributes, and what it calls asks for its name. Anything
	 * else waits for the filters of the registry, which come at the end.
	 */
	@Override
	public void started(Observation.Context context, ApmSpan span) {
		if (context instanceof ReceiverContext<?>) {
			name(context.getLowCardinalityKeyValues(), span);
			name(context.getHighCardinalityKeyValues(), span);
		}
	}

	private static void name(KeyValues keyValues, ApmSpan span) {
		for (KeyValue keyValue : keyValues) {
			if (keyValue.getKey().startsWith("messaging.")) {
				ApmObservationHandler.tag(span, keyValue);
			}
		}
	}

	@Override
	public void stopped(Observation.Context context, ApmSpan span) {
		span.name(ApmObservationHandler.name(context));
		for (KeyValue keyValue : context.getAllKeyValues()) {
			if (!"error".equalsIgnoreCase(keyValue.getKey())) {
				ApmObservationHandler.tag(span, withoutSecrets(keyValue));
			}
			else if (span.error() == null && !KeyValue.NONE_VALUE.equals(keyValue.getValue())) {
				// As Micrometer's own handlers have it, this key marks a failure.
				span.tag("error.type", keyValue.getValue());
			}
		}
	}

	/**
	 * Some Observations, such as those of Spring Cloud Gateway, have whole URLs as
	 * values.
	 */
	private static KeyValue withoutSecrets(KeyValue keyValue) {
		String value = keyValue.getValue();
		return (value.startsWith("http://") || value.startsWith("https://"))
				? KeyValue.of(keyValue.getKey(), SafeUrl.of(value)) : keyValue;
	}

}
