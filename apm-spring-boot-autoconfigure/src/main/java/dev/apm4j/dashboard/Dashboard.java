package dev.apm4j.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.export.embedded.EndpointAggregates;
import dev.apm4j.export.embedded.StatementAggregates;
import dev.apm4j.usage.UsageTracking;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The web page and its JSON, independent of the server. Thread-safe. It only reads: there
 * is no address that changes anything.
 */
public final class Dashboard {

	private static final Log logger = LogFactory.getLog(Dashboard.class);

	private static final String API = "/api/";

	private final AccessRule access;

	private final PageFiles files;

	private final TraceApi api;

	private final Map<String, String> securityHeaders;

	/**
	 * Creates a dashboard.
	 * @param settings who may see it
	 * @param store the traces
	 * @param endpoints the numbers by endpoint
	 * @param statements the numbers by SQL statement
	 * @param usage the search for dead code, {@code null} if it is not looked for
	 * @param status tells about the rest of the application
	 */
	public Dashboard(DashboardSettings settings, EmbeddedStore store, EndpointAggregates endpoints,
			StatementAggregates statements, @Nullable UsageTracking usage, DashboardStatus status) {
		this(settings, new TraceApi(store, endpoints, statements, new UsageApi(usage), status),
				new PageFiles(Dashboard.class.getClassLoader(), PageFiles.ROOT));
	}

	Dashboard(DashboardSettings settings, TraceApi api, PageFiles files) {
		this.access = new AccessRule(settings);
		this.api = api;
		this.files = files;
		this.securityHeaders = securityHeaders(files.importMapSource());
	}

	private static Map<String, String> securityHeaders(String importMap) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("X-Content-Type-Options", "nosniff");
		headers.put("Content-Security-Policy",
				"default-src 'none'; script-src 'self'" + importMap + "; style-src 'self'; img-src 'self' data:; "
						+ "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
						+ "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html");
		headers.put("X-Frame-Options", "DENY");
		headers.put("Referrer-Policy", "no-referrer");
		headers.put("Cross-Origin-Resource-Policy", "same-origin");
		return headers;
	}

	DashboardResponse handle(DashboardRequest request) {
		try {
			return answer(request).with(this.securityHeaders);
		}
		catch (RuntimeException ex) {
			// The container's error page would come without these headers.
			logger.warn("The dashboard could not answer", ex);
			return message(request.path().startsWith(API), 500, "The dashboard failed. The application's log says why.")
				.with(this.securityHeaders);
		}
	}

	private DashboardResponse answer(DashboardRequest request) {
		boolean json = request.path().startsWith(API);
		String refusal = this.access.refusal(request);
		if (refusal != null) {
			return message(json, 403, refusal);
		}
		if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
			return message(json, 405, "Only GET and HEAD are answered here.").with("Allow", "GET, HEAD");
		}
		if (json) {
			return this.api.get(request.path().substring(API.length()), request.query());
		}
		if (request.path().isEmpty()) {
			// Relative, so that neither a context path nor a proxy's prefix is lost.
			return DashboardResponse.redirect(request.base() + "/");
		}
		PageFiles.PageFile file = this.files.find(request.path().substring(1));
		return (file != null) ? file.response(request.ifNoneMatch()) : message(false, 404, "There is no such file.");
	}

	private static DashboardResponse message(boolean json, int status, String text) {
		return json ? DashboardResponse.error(status, text) : DashboardResponse.text(status, text);
	}

}
