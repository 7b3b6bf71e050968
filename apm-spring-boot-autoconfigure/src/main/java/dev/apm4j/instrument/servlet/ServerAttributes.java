package dev.apm4j.instrument.servlet;

import dev.apm4j.instrument.OperationNames;
import dev.apm4j.trace.ApmSpan;
import io.micrometer.tracing.Span;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a server span says of its request, by OpenTelemetry's semantic conventions for
 * HTTP (version 1.23 and later). Thread-safe.
 */
final class ServerAttributes {

	private static final String OTHER = "_OTHER";

	private static final String ERROR_TYPE = "error.type";

	private static final int MAX_METHOD = 32;

	private static final int MAX_USER_AGENT = 256;

	private final RecordedDetails details;

	private final QueryText queries;

	private final OperationNames names = new OperationNames();

	ServerAttributes(RecordedDetails details) {
		this.details = details;
		this.queries = new QueryText(details.maskedParameters());
	}

	/**
	 * The method as it is recorded: only known ones, so that a caller can't make new
	 * names.
	 * @param method the method of the request
	 * @return the method, or {@code _OTHER}
	 */
	static String knownMethod(@Nullable String method) {
		return (method == null) ? OTHER : switch (method) {
			case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY" -> method;
			default -> OTHER;
		};
	}

	/** The name of a span whose route is not known. */
	static String nameOf(String method) {
		return OTHER.equals(method) ? "HTTP" : method;
	}

	/**
	 * Whether a current span was opened for this very request by somebody further out. A
	 * server span for another path is that of a request whose handler makes this one in
	 * the same process.
	 * @param request the request
	 * @param current what is current
	 * @return whether the span is to be adopted
	 */
	static boolean isOf(HttpServletRequest request, ApmSpan current) {
		if (current.kind() != Span.Kind.SERVER || !current.isActive()) {
			return false;
		}
		Object path = current.attribute("url.path");
		return path == null || path.equals(UrlText.path(request.getRequestURI()));
	}

	/**
	 * Whether it is worth while to find out what to record: an unsampled request is a
	 * no-op and yet counted, by its name and failure.
	 */
	static boolean isRecorded(Span span) {
		return (span instanceof ApmSpan own) ? own.isRecording() : !span.isNoop();
	}

	void started(Span span, HttpServletRequest request, String method) {
		if (span.isNoop()) {
			return;
		}
		span.tag("http.request.method", method);
		if (OTHER.equals(method) && request.getMethod() != null) {
			span.tag("http.request.method_original", UrlText.printable(request.getMethod(), MAX_METHOD));
		}
		span.tag("url.scheme", request.getScheme());
		span.tag("url.path", UrlText.path(request.getRequestURI()));
		if (this.details.userAgent()) {
			String userAgent = request.getHeader("User-Agent");
			if (userAgent != null) {
				span.tag("user_agent.original", UrlText.printable(userAgent, MAX_USER_AGENT));
			}
		}
		if (this.details.query() && request.getQueryString() != null) {
			span.tag("url.query", this.queries.masked(request.getQueryString()));
		}
		if (this.details.clientAddress() && request.getRemoteAddr() != null) {
			span.tag("client.address", request.getRemoteAddr());
		}
		if (this.details.serverAddress() && request.getServerName() != null) {
			span.tag("server.address", UrlText.printable(request.getServerName(), MAX_USER_AGENT));
			span.tag("server.port", request.getServerPort());
		}
		if (this.details.protocolVersion()) {
			protocolVersion(span, request.getProtocol());
		}
	}

	private static void protocolVersion(Span span, @Nullable String protocol) {
		if (protocol != null && protocol.startsWith("HTTP/")) {
			String version = protocol.substring("HTTP/".length());
			span.tag("network.protocol.version", version.endsWith(".0") && !version.equals("1.0")
					? version.substring(0, version.length() - 2) : version);
		}
	}

	/** The name of a span whose route is known. */
	String nameOf(String method, String route) {
		return this.names.of(nameOf(method), route);
	}

	void route(Span span, String route) {
		span.tag("http.route", route);
	}

	void status(Span span, int status) {
		span.tag("http.response.status_code", status);
	}

	/**
	 * The response failed, or an exception left the application although the response had
	 * been sent. A client's mistake (4xx) is no failure of the server.
	 */
	void failed(Span span, int status, @Nullable Throwable thrown) {
		if (thrown != null) {
			span.error(thrown);
		}
		if (status >= 500) {
			span.tag(ERROR_TYPE, String.valueOf(status));
		}
	}

	/**
	 * An asynchronous request took too long. If it was answered well nevertheless, as
	 * long polling and event streams are, that is no failure.
	 */
	void timedOut(Span span, int status) {
		if (status >= 500) {
			span.tag(ERROR_TYPE, "timeout");
		}
		else {
			span.event("async timeout");
		}
	}

	/**
	 * Nobody was left to send the response to, which is no failure of the server. The
	 * status stays what the application has set.
	 */
	void clientAborted(Span span) {
		span.tag("apm.client_aborted", true);
	}

}
