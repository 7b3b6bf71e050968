package dev.apm4j.export.whatap;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.apm4j.trace.PeerAttributes;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * What a root span says of its transaction: its name, and what the client said of itself.
 * Thread-safe.
 */
final class TransactionNames {

	private static final String UNKNOWN = "unknown";

	private static final String OTHER_METHOD = "_OTHER";

	private final FreeText freeText;

	TransactionNames(FreeText freeText) {
		this.freeText = freeText;
	}

	/**
	 * Whether a root is work that is counted as a transaction. A lonely call of another
	 * server or a database is not: WhaTap's agents count it where it goes to, but not
	 * among the work that is asked of this process.
	 */
	static boolean isTransaction(SpanData root) {
		return root.kind() != Span.Kind.CLIENT && root.kind() != Span.Kind.PRODUCER;
	}

	static boolean isRequest(SpanData root) {
		return root.kind() == Span.Kind.SERVER && (root.attribute(SpanValues.HTTP_METHOD) != null
				|| root.attribute(SpanValues.URL_PATH) != null || root.attribute(SpanValues.HTTP_ROUTE) != null);
	}

	static boolean isWithoutRoute(SpanData root) {
		return isRequest(root) && root.attribute(SpanValues.HTTP_ROUTE) == null;
	}

	/** Whether a root that serves somebody has neither a path nor a route yet. */
	static boolean isNameless(SpanData root) {
		return root.kind() == Span.Kind.SERVER && root.attribute(SpanValues.URL_PATH) == null
				&& root.attribute(SpanValues.HTTP_ROUTE) == null;
	}

	/**
	 * The name: a request's route, or its path as long as that isn't known; otherwise the
	 * span's name.
	 */
	String uri(SpanData root) {
		if (!isRequest(root)) {
			return this.freeText.name(root.name(), UNKNOWN);
		}
		String route = SpanValues.text(root, SpanValues.HTTP_ROUTE);
		if (route != null && isPattern(route)) {
			return route;
		}
		String path = (route != null) ? route : path(root);
		String known = (path != null) ? path : pathOf(root.name());
		return (known != null) ? this.freeText.name(known, "/") : "/";
	}

	/**
	 * Whether a route is what one writes in code. It may have variables such as
	 * <code>{token:.+}</code>, which are no secrets and tell routes apart.
	 */
	private static boolean isPattern(String route) {
		for (int i = 0; i < route.length(); i++) {
			char c = route.charAt(i);
			if (c <= ' ' || c == 0x7f || "=@\"'%".indexOf(c) >= 0) {
				return false;
			}
		}
		return route.startsWith("/");
	}

	/** The path that was asked for. */
	@Nullable String path(SpanData root) {
		String path = SpanValues.text(root, SpanValues.URL_PATH);
		return (path != null) ? this.freeText.name(WireUrl.of(path), "/") : null;
	}

	/** The name that another transaction has, by the name of its root. */
	static String ofEndpoint(String spanName) {
		String path = pathOf(spanName);
		return (path != null) ? path : "/" + spanName;
	}

	/** What follows the method in names such as {@code GET /orders/{id}}. */
	private static @Nullable String pathOf(String spanName) {
		if (spanName.startsWith("/")) {
			return spanName;
		}
		int space = spanName.indexOf(' ');
		return (space > 0 && spanName.startsWith("/", space + 1)) ? spanName.substring(space + 1) : null;
	}

	/** The host that was asked for, without its port. */
	@Nullable String host(SpanData root) {
		String host = (root.kind() == Span.Kind.SERVER) ? SpanValues.text(root, PeerAttributes.SERVER_ADDRESS) : null;
		if (host == null) {
			return null;
		}
		int start = host.lastIndexOf('@') + 1;
		int end = host.startsWith("[", start) ? host.indexOf(']', start) + 1 : host.indexOf(':', start);
		if (end <= 0 || (host.indexOf(':', end + 1) >= 0 && !host.startsWith("[", start))) {
			// No port, or an IPv6 address.
			end = host.length();
		}
		return this.freeText.name(WireUrl.of(host.substring(start, end)), "");
	}

	RequestStart request(SpanData root) {
		boolean request = isRequest(root);
		boolean server = root.kind() == Span.Kind.SERVER;
		return new RequestStart(host(root), uri(root), server ? SpanValues.text(root, SpanValues.CLIENT_ADDRESS) : null,
				server ? optional(SpanValues.text(root, SpanValues.USER_AGENT)) : null,
				server ? optional(WireUrl.of(SpanValues.text(root, SpanValues.HTTP_REQUEST_HEADER + "referer"))) : null,
				optional(SpanValues.first(root, "enduser.id", "user.id")), RequestStart.NOT_STATIC,
				request ? method(root) : null);
	}

	private @Nullable String optional(@Nullable String text) {
		return (text != null) ? this.freeText.name(text, "") : null;
	}

	@Nullable String method(SpanData root) {
		String method = SpanValues.text(root, SpanValues.HTTP_METHOD);
		return optional(OTHER_METHOD.equals(method) ? SpanValues.text(root, SpanValues.HTTP_METHOD_ORIGINAL) : method);
	}

	/** The captured headers of a request; empty if none were captured. */
	Map<String, String> headers(SpanData root) {
		Map<String, String> headers = new LinkedHashMap<>();
		root.forEachAttribute((key, value) -> {
			String text = key.startsWith(SpanValues.HTTP_REQUEST_HEADER) ? SpanValues.text(value) : null;
			if (text != null) {
				String name = key.substring(SpanValues.HTTP_REQUEST_HEADER.length());
				headers.put(this.freeText.line(name),
						this.freeText.line(name.equals("referer") ? WireUrl.of(text) : text));
			}
		});
		return headers;
	}

	/** The captured parameters of a request; empty if none were captured. */
	Map<String, String> parameters(SpanData root) {
		String query = SpanValues.text(root, SpanValues.URL_QUERY);
		Map<String, String> parameters = new LinkedHashMap<>();
		int start = 0;
		while (query != null && start < query.length() && parameters.size() < TextLimits.ENTRIES) {
			int and = query.indexOf('&', start);
			int end = (and >= 0) ? and : query.length();
			int equals = query.indexOf('=', start);
			boolean named = equals >= 0 && equals < end;
			String name = this.freeText.line(query.substring(start, named ? equals : end));
			if (!name.isEmpty()) {
				parameters.merge(name, named ? this.freeText.line(query.substring(equals + 1, end)) : "",
						(one, other) -> one + "," + other);
			}
			start = end + 1;
		}
		return parameters;
	}

}
