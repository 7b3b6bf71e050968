package dev.apm4j.instrument.http;

import java.util.List;

import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestInitializer;
import org.springframework.web.client.RestTemplate;

/**
 * Marks the requests of a RestTemplate or RestClient whose calls Spring's Observation
 * traces, in place of an interceptor: Spring makes two requests of one and collects the
 * body in memory as soon as there is an interceptor of any kind. Thread-safe.
 */
public final class ObservedClient implements ClientHttpRequestInitializer {

	private final HttpClientKind client;

	/**
	 * Creates a mark.
	 * @param client which client it is for
	 */
	public ObservedClient(HttpClientKind client) {
		this.client = client;
	}

	/**
	 * Adds this to a client's initializers unless one of its kind is among them.
	 * @param initializers the initializers of a client, changed in place
	 */
	public void addTo(List<ClientHttpRequestInitializer> initializers) {
		if (!isIn(initializers)) {
			initializers.add(this);
		}
	}

	/**
	 * Whether a RestTemplate needs no interceptor.
	 * @param restTemplate the client
	 * @return whether it is marked, and is still observed
	 */
	public static boolean isTraced(RestTemplate restTemplate) {
		return !restTemplate.getObservationRegistry().isNoop() && isIn(restTemplate.getClientHttpRequestInitializers());
	}

	/**
	 * Whether a client is marked.
	 * @param initializers its initializers
	 * @return whether its Observation traces its calls
	 */
	static boolean isIn(List<ClientHttpRequestInitializer> initializers) {
		return initializers.stream().anyMatch(ObservedClient.class::isInstance);
	}

	@Override
	public void initialize(ClientHttpRequest request) {
		try {
			request.getAttributes().put(HttpClientKind.ATTRIBUTE, this.client.value());
		}
		catch (RuntimeException ex) {
			// A request of somebody else's may have no attributes: the span says less.
		}
	}

}
