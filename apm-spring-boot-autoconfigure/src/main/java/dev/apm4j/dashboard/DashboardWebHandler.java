package dev.apm4j.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * Serves the dashboard in a WebFlux application, behind its web filters and so behind its
 * security. Who sent a request is known from {@link RequestOrigins}; without it everybody
 * counts as somebody else.
 */
public final class DashboardWebHandler implements WebHandler {

	/** Where the page is, below the application's base path. */
	public static final String PATH = "/apm";

	private final Dashboard dashboard;

	/**
	 * Creates the handler.
	 * @param dashboard what it serves
	 */
	public DashboardWebHandler(Dashboard dashboard) {
		this.dashboard = dashboard;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		return Mono.deferContextual((context) -> {
			DashboardRequest request = read(exchange.getRequest(), RequestOrigins.of(context));
			// A trace may take a while to write: no work for an event loop.
			return Mono.fromCallable(() -> this.dashboard.handle(request))
				.subscribeOn(Schedulers.boundedElastic())
				.flatMap((answer) -> write(answer, exchange));
		});
	}

	private static DashboardRequest read(ServerHttpRequest request, RequestOrigins.Origin origin) {
		String path = request.getPath().pathWithinApplication().value();
		// Another spelling of the mount point, such as one with %61, is no path of ours.
		boolean plain = path.startsWith(PATH) && (path.length() == PATH.length() || path.charAt(PATH.length()) == '/');
		String known = request.getHeaders().getFirst("If-None-Match");
		return new DashboardRequest(request.getMethod().name(), PATH.substring(1),
				plain ? path.substring(PATH.length()) : "/?", request.getURI().getRawQuery(), origin.peer(),
				origin.forwarded(), origin.host(), (known != null) ? List.of(known) : List.of());
	}

	private static Mono<Void> write(DashboardResponse answer, ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		response.setRawStatusCode(answer.status());
		answer.headers().forEach((name, value) -> response.getHeaders().set(name, value));
		if (exchange.getRequest().getMethod() == HttpMethod.HEAD) {
			return response.setComplete();
		}
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		try {
			answer.body().writeTo(body);
		}
		catch (IOException ex) {
			return Mono.error(new UncheckedIOException(ex));
		}
		return response.writeWith(Mono.just(response.bufferFactory().wrap(body.toByteArray())));
	}

}
