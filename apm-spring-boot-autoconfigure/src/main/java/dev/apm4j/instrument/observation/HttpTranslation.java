package dev.apm4j.instrument.observation;

import java.util.Set;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What Spring's HTTP observations have in common: their key values, which
 * {@code ServerHttpObservationDocumentation} and
 * {@code ClientHttpObservationDocumentation} define, under OpenTelemetry's keys.
 */
abstract class HttpTranslation implements SpanTranslation {

	private static final Set<String> TRANSLATED = Set.of("method", "uri", "status", "outcome", "exception", "error",
			"http.url", "client.name");

	@Override
	public void stopped(Observation.Context context, ApmSpan span) {
		String method = value(context, "method");
		String pattern = value(context, "uri");
		boolean route = pattern != null && pattern.startsWith("/");
		if (method != null) {
			span.name(route ? method + " " + pattern : method);
			span.tag("http.request.method", method);
		}
		if (route) {
			span.tag(patternAttribute(), pattern);
		}
		int status = status(context);
		if (status > 0) {
			span.tag("http.response.status_code", status);
			if (isFailure(status) && span.error() == null) {
				span.tag("error.type", String.valueOf(status));
			}
		}
		enrich(context, span);
	}

	@Override
	public void enrich(Observation.Context context, ApmSpan span) {
		for (KeyValue keyValue : context.getAllKeyValues()) {
			if (!TRANSLATED.contains(keyValue.getKey())) {
				ApmObservationHandler.tag(span, keyValue);
			}
		}
	}

	/** The attribute for the low-cardinality form of the path. */
	abstract String patternAttribute();

	/** Whether a status is a failure, seen from this side. */
	abstract boolean isFailure(int status);

	private static int status(Observation.Context context) {
		String status = value(context, "status");
		if (status == null || status.length() != 3) {
			return 0;
		}
		try {
			return Integer.parseInt(status);
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	static @Nullable String value(Observation.Context context, String key) {
		KeyValue keyValue = context.getLowCardinalityKeyValue(key);
		if (keyValue == null) {
			keyValue = context.getHighCardinalityKeyValue(key);
		}
		return (keyValue != null && !KeyValue.NONE_VALUE.equals(keyValue.getValue())) ? keyValue.getValue() : null;
	}

}
