package dev.apm4j.export.whatap;

import dev.apm4j.trace.PeerAttributes;
import dev.apm4j.trace.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a call of another server. The agent keeps statistics by host, port and path,
 * so the path is the template that the application called, if it used one.
 */
final class CallUrl {

	private CallUrl() {
	}

	static String of(SpanData span) {
		String template = SpanValues.text(span, SpanValues.URL_TEMPLATE);
		String full = SpanValues.text(span, SpanValues.URL_FULL);
		if (full != null) {
			int path = pathStart(full);
			boolean useTemplate = template != null && template.startsWith("/") && path >= 0;
			return useTemplate ? full.substring(0, path) + template : full;
		}
		return server(span) + path(span, template);
	}

	/** Where the path of an absolute URL begins, or -1. */
	private static int pathStart(String url) {
		int scheme = url.indexOf("://");
		if (scheme < 0) {
			return -1;
		}
		int start = scheme + 3;
		while (start < url.length() && "/?#".indexOf(url.charAt(start)) < 0) {
			start++;
		}
		return start;
	}

	private static String server(SpanData span) {
		String scheme = SpanValues.text(span, SpanValues.URL_SCHEME);
		if (scheme == null) {
			String system = SpanValues.text(span, SpanValues.RPC_SYSTEM);
			boolean grpc = span.attribute(SpanValues.GRPC_STATUS) != null;
			scheme = (system != null) ? system : grpc ? "grpc" : "http";
		}
		String host = SpanValues.first(span, PeerAttributes.SERVER_ADDRESS, PeerAttributes.NETWORK_ADDRESS,
				PeerAttributes.SERVICE);
		long port = SpanValues.number(span, PeerAttributes.SERVER_PORT);
		boolean ipv6 = host != null && host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
		String shown = ipv6 ? "[" + host + "]" : (host != null) ? host : "unknown";
		return scheme + "://" + shown + ((port > 0 && (ipv6 || shown.indexOf(':') < 0)) ? ":" + port : "");
	}

	private static String path(SpanData span, @Nullable String template) {
		if (template != null) {
			return template.startsWith("/") ? template : "/";
		}
		String path = SpanValues.text(span, SpanValues.URL_PATH);
		if (path != null) {
			return path.startsWith("/") ? path : "/" + path;
		}
		String service = SpanValues.text(span, SpanValues.RPC_SERVICE);
		String method = SpanValues.text(span, SpanValues.RPC_METHOD);
		if (service != null || method != null) {
			return "/" + ((service != null) ? service : "") + ((method != null) ? "/" + method : "");
		}
		boolean rpc = span.attribute(SpanValues.GRPC_STATUS) != null || span.attribute(SpanValues.RPC_SYSTEM) != null;
		return rpc ? "/" + span.name() : "/";
	}

	/** What makes the call. */
	static String driver(SpanData span) {
		String client = SpanValues.first(span, SpanValues.HTTP_CLIENT, SpanValues.RPC_SYSTEM);
		return (client != null) ? client : (span.attribute(SpanValues.GRPC_STATUS) != null) ? "grpc" : "http";
	}

}
