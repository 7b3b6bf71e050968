package dev.apm4j.instrument.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Names the span of a request as soon as Spring MVC has found the handler, and not only
 * at the end: the handler's calls tell the called services which endpoint makes them, and
 * a request that hangs has a name. Thread-safe.
 */
public final class RouteInterceptor implements HandlerInterceptor {

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (request.getAttribute(RequestSpan.ATTRIBUTE) instanceof RequestSpan span) {
			span.handlerFound();
		}
		return true;
	}

}
