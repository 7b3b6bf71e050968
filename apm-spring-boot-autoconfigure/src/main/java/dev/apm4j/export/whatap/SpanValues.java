package dev.apm4j.export.whatap;

import java.util.List;

import dev.apm4j.trace.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that are read, and how: anybody may have set them, to anything. No
 * method throws.
 */
final class SpanValues {

	static final String HTTP_METHOD = "http.request.method";

	static final String HTTP_METHOD_ORIGINAL = "http.request.method_original";

	static final String HTTP_STATUS = "http.response.status_code";

	static final String HTTP_ROUTE = "http.route";

	/** Prefix of captured headers, which have lists of values. */
	static final String HTTP_REQUEST_HEADER = "http.request.header.";

	/** Which client made a call: one of {@code rest-template}, {@code web-client} .... */
	static final String HTTP_CLIENT = "apm.http.client";

	static final String URL_FULL = "url.full";

	static final String URL_TEMPLATE = "url.template";

	static final String URL_PATH = "url.path";

	static final String URL_QUERY = "url.query";

	static final String URL_SCHEME = "url.scheme";

	static final String USER_AGENT = "user_agent.original";

	static final String CLIENT_ADDRESS = "client.address";

	static final String FUNCTION = "code.function.name";

	static final String ERROR_TYPE = "error.type";

	static final String CLIENT_ABORTED = "apm.client_aborted";

	static final String CANCELLED = "apm.cancelled";

	static final String RPC_SYSTEM = "rpc.system";

	static final String RPC_SERVICE = "rpc.service";

	static final String RPC_METHOD = "rpc.method";

	static final String GRPC_STATUS = "grpc.status_code";

	static final String MESSAGING_SYSTEM = "messaging.system";

	/** Digits of a number that is a text. */
	private static final int MAX_DIGITS = 18;

	private SpanValues() {
	}

	/** The text of an attribute; of a list its first, and {@code null} if blank. */
	static @Nullable String text(SpanData span, String key) {
		return text(span.attribute(key));
	}

	static @Nullable String text(@Nullable Object value) {
		if (value instanceof List<?> list) {
			return list.isEmpty() || list.get(0) instanceof List<?> ? null : text(list.get(0));
		}
		String text = (value != null) ? value.toString() : null;
		return (text == null || text.isBlank()) ? null : text;
	}

	/** The first of some attributes that has a text. */
	static @Nullable String first(SpanData span, String... keys) {
		for (String key : keys) {
			String text = text(span, key);
			if (text != null) {
				return text;
			}
		}
		return null;
	}

	/** The number of an attribute, or 0 if it is none or below. */
	static long number(SpanData span, String key) {
		Object value = span.attribute(key);
		if (value instanceof Number number) {
			return Math.max(0, number.longValue());
		}
		long result = 0;
		String text = (value instanceof String string && string.length() <= MAX_DIGITS) ? string : "";
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < '0' || c > '9') {
				return 0;
			}
			result = result * 10 + (c - '0');
		}
		return result;
	}

	/** The status of a request or a call, 0 for none. */
	static int status(SpanData span) {
		long status = number(span, HTTP_STATUS);
		return (status >= 100 && status <= 999) ? (int) status : 0;
	}

	static boolean isTrue(SpanData span, String key) {
		Object value = span.attribute(key);
		return Boolean.TRUE.equals(value) || "true".equals(value);
	}

}
