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

	private static final String UNKNOWN = "UNKNOWN";

	@Override
	public void stopped(Observation.Context context, ApmSpan span) {
		String method = value(context, "method");
		Object pattern = span.attribute(patternAttribute());
		if (pattern == null) {
			String uri = value(context, "uri");
			pattern = (uri != null && uri.startsWith("/")) ? pattern(uri) : null;
			span.tag(patternAttribute(), (String) pattern);
		}
		name(span, method, pattern);
		int status = status(context);
		if (status > 0) {
			span.tag("http.response.status_code", status);
			if (isFailure(status) && span.error() == null) {
				span.tag("error.type", String.valueOf(status));
			}
		}
		enrich(context, span);
	}

	static void name(ApmSpan span, @Nullable String method, @Nullable Object pattern) {
		String known = (method == null || UNKNOWN.equals(method)) ? "HTTP" : method;
		span.name((pattern != null) ? known + " " + pattern : known);
		if (method != null) {
			span.tag("http.request.method", UNKNOWN.equals(method) ? "_OTHER" : method);
		}
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

	/** The low-cardinality form of the path in a template, if it has one. */
	abstract @Nullable String pattern(String uri);

	/** Whether a status is a failure, seen from this side. */
	abstract boolean isFailure(int status);

	static int status(Observation.Context context) {
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

	static @Nullable String value(Observation.ContextView context, String key) {
		KeyValue keyValue = context.getLowCardinalityKeyValue(key);
		if (keyValue == null) {
			keyValue = context.getHighCardinalityKeyValue(key);
		}
		return (keyValue != null && !KeyValue.NONE_VALUE.equals(keyValue.getValue())) ? keyValue.getValue() : null;
	}

}
