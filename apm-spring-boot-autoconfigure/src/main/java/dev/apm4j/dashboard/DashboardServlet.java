package dev.apm4j.dashboard;

import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Dashboard} as a servlet, to be mapped to {@code /apm/*}.
 */
public final class DashboardServlet extends HttpServlet {

	/**
	 * Set by Tomcat's {@code RemoteIpValve}, which replaces the peer's address and
	 * removes the header it read.
	 */
	static final String TOMCAT_FORWARDED = "org.apache.tomcat.request.forwarded";

	private final transient Dashboard dashboard;

	/**
	 * Creates the servlet.
	 * @param dashboard what it serves
	 */
	public DashboardServlet(Dashboard dashboard) {
		this.dashboard = dashboard;
	}

	@Override
	protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
		DashboardResponse answer = this.dashboard.handle(read(request));
		response.setStatus(answer.status());
		answer.headers().forEach(response::setHeader);
		if (!innermost(request).getMethod().equals("HEAD")) {
			answer.body().writeTo(response.getOutputStream());
		}
	}

	private static DashboardRequest read(HttpServletRequest request) {
		// Filters such as Spring's ForwardedHeaderFilter wrap the request in one that
		// tells what the headers claim.
		HttpServletRequest original = innermost(request);
		String mount = request.getContextPath() + request.getServletPath();
		String uri = request.getRequestURI();
		// Another spelling of the mount point, such as one with %61, is no path of ours.
		boolean plain = uri.startsWith(mount) && (uri.length() == mount.length() || uri.charAt(mount.length()) == '/');
		return new DashboardRequest(original.getMethod(), mount.substring(mount.lastIndexOf('/') + 1),
				plain ? uri.substring(mount.length()) : "/?", request.getQueryString(), original.getRemoteAddr(),
				isForwarded(original), host(original), list(original.getHeaders("If-None-Match")));
	}

	private static HttpServletRequest innermost(HttpServletRequest request) {
		ServletRequest current = request;
		while (current instanceof ServletRequestWrapper wrapper) {
			current = wrapper.getRequest();
		}
		return (current instanceof HttpServletRequest original) ? original : request;
	}

	private static boolean isForwarded(HttpServletRequest request) {
		return ProxyHeaders.contain(list(request.getHeaderNames())) || request.getAttribute(TOMCAT_FORWARDED) != null;
	}

	private static @Nullable String host(HttpServletRequest request) {
		String header = request.getHeader("Host");
		// HTTP/2 has a pseudo-header instead.
		return (header != null) ? header : request.getServerName();
	}

	private static List<String> list(@Nullable Enumeration<String> values) {
		return (values != null) ? Collections.list(values) : List.of();
	}

}
