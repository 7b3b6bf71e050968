package dev.apm4j.instrument.observation;

import java.net.URI;
import java.util.Set;

import dev.apm4j.instrument.SafeUrl;
import dev.apm4j.instrument.UrlTemplate;
import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * The client observation of RestTemplate, RestClient and WebClient.
 */
final class HttpClientTranslation extends HttpTranslation {

	private static final String REST = "org.springframework.http.client.observation.ClientRequestObservationContext";

	private static final Set<String> TYPES = Set.of(REST,
			"org.springframework.web.reactive.function.client.ClientRequestObservationContext");

	@Override
	public String observationName() {
		return "http.client.requests";
	}

	@Override
	public Set<String> contextTypes() {
		return TYPES;
	}

	@Override
	public void started(Observation.Context context, ApmSpan span) {
		ObservedRequest request = REST.equals(context.getClass().getName()) ? ObservedRequest.of(context) : null;
		if (request != null) {
			request.describe(span);
			server(request.uri(), span);
			String method = value(context, "method");
			if (request.path() != null && method != null) {
				span.name(name(method, request.path()));
			}
			return;
		}
		String url = value(context, "http.url");
		if (url == null) {
			return;
		}
		span.tag("url.full", SafeUrl.of(url));
		try {
			server(URI.create(url), span);
		}
		catch (IllegalArgumentException ex) {
			// A convention of the user's own may put anything there.
		}
	}

	private static void server(URI uri, ApmSpan span) {
		String host = SafeUrl.host(uri);
		if (host != null) {
			span.tag("server.address", host);
			int port = SafeUrl.port(uri);
			if (port > 0) {
				span.tag("server.port", port);
			}
		}
	}

	@Override
	String patternAttribute() {
		return "url.template";
	}

	/** A template may be a whole URL, whose query holds what must not be in a name. */
	@Override
	@Nullable String pattern(String uri) {
		return UrlTemplate.path(uri);
	}

	@Override
	boolean isFailure(int status) {
		return status >= 400;
	}

}
