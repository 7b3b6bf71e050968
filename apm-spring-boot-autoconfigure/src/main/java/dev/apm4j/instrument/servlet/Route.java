package dev.apm4j.instrument.servlet;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/**
 * What a request's attributes tell about the code that handled it. Spring MVC's are read
 * by name, so that this room needs neither of its artifacts.
 */
final class Route {

	/** {@code HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE}. */
	private static final String MVC_PATTERN = "org.springframework.web.servlet.HandlerMapping.bestMatchingPattern";

	/** {@code RouterFunctions.MATCHING_PATTERN_ATTRIBUTE}. */
	private static final String FUNCTION_PATTERN = "org.springframework.web.servlet.function.RouterFunctions.matchingPattern";

	/** {@code DispatcherServlet.EXCEPTION_ATTRIBUTE}. */
	private static final String MVC_EXCEPTION = "org.springframework.web.servlet.DispatcherServlet.EXCEPTION";

	private Route() {
	}

	/**
	 * The route of a request: the pattern of Spring MVC, or else that of the servlet's
	 * mapping if it says more than "everything". As OpenTelemetry wants it, the context
	 * path belongs to it, and so does the prefix that the dispatcher servlet is mapped
	 * to.
	 * @param request the request
	 * @return the route, or {@code null} if there is none (yet)
	 */
	static @Nullable String of(HttpServletRequest request) {
		Object pattern = request.getAttribute(MVC_PATTERN);
		if (pattern == null) {
			pattern = request.getAttribute(FUNCTION_PATTERN);
		}
		HttpServletMapping mapping = request.getHttpServletMapping();
		MappingMatch match = (mapping != null) ? mapping.getMappingMatch() : null;
		if (pattern != null) {
			String prefix = (match == MappingMatch.PATH) ? request.getServletPath() : "";
			return absolute(request.getContextPath(), prefix, pattern.toString());
		}
		if (match == null || match == MappingMatch.DEFAULT || "/*".equals(mapping.getPattern())) {
			return null;
		}
		return absolute(request.getContextPath(), "", mapping.getPattern());
	}

	private static String absolute(@Nullable String contextPath, @Nullable String prefix, String pattern) {
		String route = pattern.startsWith("/") ? pattern : "/" + pattern;
		if (prefix != null && !prefix.isEmpty()) {
			route = prefix + route;
		}
		return (contextPath != null && !contextPath.isEmpty()) ? contextPath + route : route;
	}

	/**
	 * The exception that was turned into a response.
	 * @param request the request
	 * @return the exception, or {@code null}
	 */
	static @Nullable Throwable handledException(HttpServletRequest request) {
		if (request.getAttribute(MVC_EXCEPTION) instanceof Throwable handled) {
			return handled;
		}
		return (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable reported) ? reported
				: null;
	}

}
