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

	private static final Set<String> TYPES = Set.of(
			"org.springframework.http.client.observation.ClientRequestObservationContext",
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
		String url = value(context, "http.url");
		if (url == null) {
			return;
		}
		span.tag("url.full", SafeUrl.of(url));
		try {
			URI uri = URI.create(url);
			String host = SafeUrl.host(uri);
			if (host != null) {
				span.tag("server.address", host);
				int port = SafeUrl.port(uri);
				if (port > 0) {
					span.tag("server.port", port);
				}
			}
		}
		catch (IllegalArgumentException ex) {
			// A convention of the user's own may put anything there.
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
