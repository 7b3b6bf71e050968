package dev.apm4j.export.skywalking;

import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that are translated: OpenTelemetry's keys, and the older ones that
 * libraries with Observations of their own (Lettuce, Spring Data, Spring Kafka) still
 * use.
 */
final class Attributes {

	static final String HTTP_METHOD = "http.request.method";

	static final String HTTP_METHOD_ORIGINAL = "http.request.method_original";

	static final String HTTP_STATUS = "http.response.status_code";

	static final String HTTP_ROUTE = "http.route";

	/** Which client made a call: one of {@code rest-template}, {@code web-client} .... */
	static final String HTTP_CLIENT = "apm.http.client";

	static final String URL_FULL = "url.full";

	static final String URL_TEMPLATE = "url.template";

	static final String URL_PATH = "url.path";

	static final String URL_SCHEME = "url.scheme";

	static final String URL_QUERY = "url.query";

	static final String FUNCTION = "code.function.name";

	static final String JOB_TYPE = "apm.job.type";

	static final String MESSAGING_SYSTEM = "messaging.system";

	static final String DESTINATION = "messaging.destination.name";

	/** Where a message comes from, as Spring Kafka calls it. */
	static final String SOURCE = "messaging.source.name";

	static final String RABBIT_ROUTING_KEY = "messaging.rabbitmq.destination.routing_key";

	static final String RPC_SYSTEM = "rpc.system";

	static final String RPC_SERVICE = "rpc.service";

	static final String RPC_METHOD = "rpc.method";

	static final String GRPC_STATUS = "grpc.status_code";

	private Attributes() {
	}

	/** The first of some attributes that is there and not blank. */
	static @Nullable String first(SpanData span, String... keys) {
		for (String key : keys) {
			String value = text(span, key);
			if (value != null) {
				return value;
			}
		}
		return null;
	}

	static @Nullable String text(SpanData span, String key) {
		Object value = span.attribute(key);
		String text = (value != null) ? value.toString() : null;
		return (text == null || text.isBlank()) ? null : text;
	}

	/** A number from 0 to {@link Integer#MAX_VALUE}, or -1. */
	static int number(@Nullable Object value) {
		if (value instanceof Number number) {
			return (number.longValue() == number.intValue() && number.intValue() >= 0) ? number.intValue() : -1;
		}
		if (value instanceof String text && !text.isEmpty() && text.length() <= 9) {
			return text.chars().allMatch((c) -> c >= '0' && c <= '9') ? Integer.parseInt(text) : -1;
		}
		return -1;
	}

	/** The topic or queue of a message that is sent or received. */
	static @Nullable String destination(SpanData span) {
		return first(span, DESTINATION, SOURCE);
	}

	static int httpStatus(SpanData span) {
		return number(span.attribute(HTTP_STATUS));
	}

	static @Nullable String databaseSystem(SpanData span) {
		return first(span, DatabaseAttributes.SYSTEM, "db.system");
	}

	static @Nullable String databaseOperation(SpanData span) {
		return first(span, DatabaseAttributes.OPERATION, "db.operation");
	}

	static @Nullable String databaseNamespace(SpanData span) {
		return first(span, DatabaseAttributes.NAMESPACE, "db.name");
	}

	static @Nullable String statement(SpanData span) {
		return first(span, DatabaseAttributes.QUERY_TEXT, "db.statement");
	}

}
