package dev.apm4j.instrument.http;

import java.io.IOException;
import java.util.List;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.web.client.RestClient;

/**
 * Makes an exit span of each call of a RestTemplate or RestClient. Thread-safe and
 * without state.
 * <p>
 * It is the outermost interceptor, where Spring's own client observation is too: what
 * interceptors below it do for the call (fetch a token, retry) is part of the call, and
 * every attempt carries its headers. An interceptor that the application puts around it
 * and that retries gets a span for each attempt, from Spring 7 on (a chain of Spring 6.2
 * can't be run twice: the second attempt passes by all inner interceptors). The span is
 * current for the interceptors below and ends when the headers of the response are there;
 * reading the body is not part of it. The response is never buffered. The body of a
 * request is collected in memory by Spring before the first interceptor of any kind sees
 * it, so a client whose only interceptor is this one no longer streams its uploads.
 */
public final class TracingClientHttpRequestInterceptor implements ClientHttpRequestInterceptor, Ordered {

	private static final String URI_TEMPLATE = RestClient.class.getName() + ".uriTemplate";

	private final HttpClientTracing tracing;

	private final HttpClientKind client;

	/**
	 * Creates an interceptor.
	 * @param tracing opens the spans
	 * @param client which client it is for
	 */
	public TracingClientHttpRequestInterceptor(HttpClientTracing tracing, HttpClientKind client) {
		this.tracing = tracing;
		this.client = client;
	}

	/**
	 * Puts this in front of a client's interceptors unless one of its kind is among them.
	 * @param interceptors the interceptors of a client, changed in place
	 * @return whether it was added
	 */
	public boolean addTo(List<ClientHttpRequestInterceptor> interceptors) {
		for (ClientHttpRequestInterceptor interceptor : interceptors) {
			if (interceptor instanceof TracingClientHttpRequestInterceptor) {
				return false;
			}
		}
		interceptors.add(0, this);
		return true;
	}

	/**
	 * {@code RestTemplate.setInterceptors} sorts: this stays in front.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		Tracer tracer = this.tracing.tracer();
		HttpCall call = (tracer != null) ? begin(request, tracer.currentSpan()) : null;
		if (tracer == null || call == null) {
			return execution.execute(request, body);
		}
		call.inject(request.getHeaders());
		try (Tracer.SpanInScope scope = tracer.withSpan(call.span())) {
			ClientHttpResponse response = execution.execute(request, body);
			end(call, response);
			return response;
		}
		catch (Throwable ex) {
			call.failed(ex);
			throw ex;
		}
	}

	private @Nullable HttpCall begin(HttpRequest request, @Nullable Span current) {
		return this.tracing.begin(this.client, current, request.getMethod().name(), request.getURI(), template(request),
				request.getHeaders());
	}

	/** A RestTemplate tells its template only to its Observation. */
	private @Nullable String template(HttpRequest request) {
		if (request.getAttributes().get(URI_TEMPLATE) instanceof String template) {
			return template;
		}
		Observation observation = this.tracing.currentObservation();
		if (observation != null && observation.getContext() instanceof ClientRequestObservationContext context) {
			ClientHttpRequest observed = context.getCarrier();
			if (observed == request || (observed != null && observed.getURI().equals(request.getURI()))) {
				return context.getUriTemplate();
			}
		}
		return null;
	}

	private static void end(HttpCall call, ClientHttpResponse response) {
		try {
			call.responded(response.getStatusCode().value());
		}
		catch (IOException | RuntimeException ex) {
			// A status that can't be read; the application finds out when it reads it.
			call.failed(ex);
		}
	}

}
