package dev.apm4j.dashboard;

import java.net.InetSocketAddress;

import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;

/**
 * Notes who really sent a request for the page to a WebFlux server, before Spring's
 * {@code ForwardedHeaderTransformer} puts what headers claim in its place and takes these
 * headers away. The handler finds it in Reactor's context, where no request can write.
 * <p>
 * Thread-safe. It costs other requests the comparison of a path.
 */
public final class RequestOrigins implements HttpHandlerDecoratorFactory {

	private static final boolean SERVLET_PRESENT = ClassUtils.isPresent("jakarta.servlet.ServletRequest",
			RequestOrigins.class.getClassLoader());

	/**
	 * Where a request came from.
	 *
	 * @param peer address of the socket's other end, empty if unknown
	 * @param forwarded whether a proxy passed it on
	 * @param host the header {@code Host}
	 */
	record Origin(String peer, boolean forwarded, @Nullable String host) {

		/** Nobody that is allowed anything. */
		static final Origin UNKNOWN = new Origin("", true, null);

	}

	@Override
	public HttpHandler apply(HttpHandler handler) {
		return (request, response) -> {
			Mono<Void> handled = handler.handle(request, response);
			if (!request.getPath().pathWithinApplication().value().startsWith(DashboardWebHandler.PATH)) {
				return handled;
			}
			Origin origin = origin(request);
			return handled.contextWrite((context) -> context.put(Origin.class, origin));
		};
	}

	static Origin of(ContextView context) {
		return context.getOrDefault(Origin.class, Origin.UNKNOWN);
	}

	private static Origin origin(ServerHttpRequest request) {
		InetSocketAddress remote = request.getRemoteAddress();
		String peer = (remote != null && remote.getAddress() != null) ? remote.getAddress().getHostAddress() : "";
		boolean forwarded = ProxyHeaders.contain(request.getHeaders().toSingleValueMap().keySet())
				|| (SERVLET_PRESENT && ServletServer.hasForwarded(request));
		return new Origin(peer, forwarded, request.getHeaders().getFirst("Host"));
	}

	/** WebFlux on a servlet container. */
	private static final class ServletServer {

		static boolean hasForwarded(ServerHttpRequest request) {
			return nativeRequest(request) instanceof ServletRequest servletRequest
					&& servletRequest.getAttribute(DashboardServlet.TOMCAT_FORWARDED) != null;
		}

		private static @Nullable Object nativeRequest(ServerHttpRequest request) {
			try {
				return ServerHttpRequestDecorator.getNativeRequest(request);
			}
			catch (IllegalArgumentException ex) {
				return null;
			}
		}

	}

}
