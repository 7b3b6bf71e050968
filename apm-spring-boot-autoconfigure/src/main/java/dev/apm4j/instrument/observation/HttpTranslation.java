package dev.apm4j.instrument.observation;

import java.util.Set;

import dev.apm4j.instrument.OperationNames;
import dev.apm4j.trace.ApmSpan;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
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

	private final OperationNames names = new OperationNames();

	/** The name of a span. */
	final String name(String method, @Nullable String pattern) {
		return (pattern != null) ? this.names.of(method, pattern) : method;
	}

	@Override
	public void stopped(Observation.Context context, ApmSpan span) {
		String method = value(context, "method");
		Object known = span.attribute(patternAttribute());
		String pattern = (known != null) ? known.toString() : null;
		if (pattern == null) {
			String uri = value(context, "uri");
			pattern = (uri != null && uri.startsWith("/")) ? pattern(uri) : null;
			span.tag(patternAttribute(), pattern);
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

	/** Gives a span the name and the method. */
	final void name(ApmSpan span, @Nullable String method, @Nullable String pattern) {
		span.name(name((method == null || UNKNOWN.equals(method)) ? "HTTP" : method, pattern));
		if (method != null) {
			span.tag("http.request.method", UNKNOWN.equals(method) ? "_OTHER" : method);
		}
	}

	@Override
	public void enrich(Observation.Context context, ApmSpan span) {
		// One after the other: all together would be one copy more.
		enrich(context.getLowCardinalityKeyValues(), span);
		enrich(context.getHighCardinalityKeyValues(), span);
	}

	private static void enrich(KeyValues keyValues, ApmSpan span) {
		for (KeyValue keyValue : keyValues) {
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
