package dev.apm4j.instrument.http;

import java.util.List;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Makes an exit span of each call of a WebClient: of each subscription, so a call that is
 * never subscribed to has none and one that is repeated has several. Thread-safe and
 * without state.
 * <p>
 * It is the outermost filter, where Spring's own client observation is too. The span ends
 * when the headers of the response are there, with an error, or when the subscriber
 * cancels; it is made current nowhere, because nothing of the application runs inside it.
 */
public final class TracingExchangeFilterFunction implements ExchangeFilterFunction {

	private static final String URI_TEMPLATE = WebClient.class.getName() + ".uriTemplate";

	private final HttpClientTracing tracing;

	/**
	 * Creates a filter.
	 * @param tracing opens the spans
	 */
	public TracingExchangeFilterFunction(HttpClientTracing tracing) {
		this.tracing = tracing;
	}

	/**
	 * Puts this in front of a client's filters unless one of its kind is among them.
	 * @param filters the filters of a client, changed in place
	 * @return whether it was added
	 */
	public boolean addTo(List<ExchangeFilterFunction> filters) {
		for (ExchangeFilterFunction filter : filters) {
			if (filter instanceof TracingExchangeFilterFunction) {
				return false;
			}
		}
		filters.add(0, this);
		return true;
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return Mono.deferContextual((context) -> exchange(request, next, context));
	}

	private Mono<ClientResponse> exchange(ClientRequest request, ExchangeFunction next, ContextView context) {
		HttpCall call = begin(request, context);
		if (call == null) {
			return next.exchange(request);
		}
		ClientRequest traced = ClientRequest.from(request).headers(call::inject).build();
		Mono<ClientResponse> response;
		try {
			response = next.exchange(traced);
		}
		catch (Throwable ex) {
			call.failed(ex);
			throw ex;
		}
		return response.doOnSuccess((value) -> end(call, value)).doOnError(call::failed).doOnCancel(call::cancelled);
	}

	private @Nullable HttpCall begin(ClientRequest request, ContextView context) {
		Tracer tracer = this.tracing.tracer();
		if (tracer == null) {
			return null;
		}
		Span current = ReactorCurrentSpan.find(tracer.currentSpan(), context);
		String template = (request.attributes().get(URI_TEMPLATE) instanceof String text) ? text : null;
		return this.tracing.begin(HttpClientKind.WEB_CLIENT, current, request.method().name(), request.url(), template,
				request.headers());
	}

	private static void end(HttpCall call, @Nullable ClientResponse response) {
		if (response == null) {
			call.finished();
			return;
		}
		try {
			call.responded(response.statusCode().value());
		}
		catch (RuntimeException ex) {
			// A status that can't be read; the application finds out when it reads it.
			call.failed(ex);
		}
	}

}
