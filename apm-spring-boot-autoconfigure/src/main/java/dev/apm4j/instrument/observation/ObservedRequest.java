package dev.apm4j.instrument.observation;

import java.net.URI;

import dev.apm4j.instrument.SafeUrl;
import dev.apm4j.instrument.UrlTemplate;
import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.observation.ClientRequestObservationContext;

/**
 * The call of a RestTemplate or RestClient that has no hook but its Observation: the
 * request itself tells what the key values don't, and without parsing its URL again.
 * Loaded only where there is such a client.
 *
 * @param uri the URL
 * @param client which client makes the call
 * @param path the path of the URI template, if it is known
 */
record ObservedRequest(URI uri, String client, @Nullable String path) {

	/** The attribute of the span, and of a request that is marked. */
	private static final String CLIENT = "apm.http.client";

	/**
	 * Looks at the request.
	 * @param context the context of the Observation
	 * @return the request, or {@code null} if it isn't marked
	 */
	static @Nullable ObservedRequest of(Observation.Context context) {
		ClientHttpRequest request = (context instanceof ClientRequestObservationContext call) ? call.getCarrier()
				: null;
		if (request == null || !(request.getAttributes().get(CLIENT) instanceof String client)) {
			return null;
		}
		return new ObservedRequest(request.getURI(), client,
				UrlTemplate.path(((ClientRequestObservationContext) context).getUriTemplate()));
	}

	void describe(ApmSpan span) {
		span.tag("url.full", SafeUrl.of(this.uri)).tag(CLIENT, this.client);
		if (this.path != null) {
			span.tag("url.template", this.path);
		}
	}

}
