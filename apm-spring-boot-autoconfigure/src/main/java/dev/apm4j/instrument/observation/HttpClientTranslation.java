package dev.apm4j.instrument.observation;

import java.net.URI;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.Observation;

/**
 * The client observation of RestTemplate, RestClient and WebClient.
 */
final class HttpClientTranslation extends HttpTranslation {

	@Override
	public String observationName() {
		return "http.client.requests";
	}

	@Override
	public void started(Observation.Context context, ApmSpan span) {
		String url = value(context, "http.url");
		if (url == null) {
			return;
		}
		try {
			URI uri = URI.create(url);
			span.tag("url.full", url);
			if (uri.getHost() != null) {
				span.tag("server.address", uri.getHost());
				int port = (uri.getPort() > 0) ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
				span.tag("server.port", port);
			}
		}
		catch (IllegalArgumentException ex) {
			// A convention of the user's own may put anything there.
			span.tag("url.full", url);
		}
	}

	@Override
	String patternAttribute() {
		return "url.template";
	}

	@Override
	boolean isFailure(int status) {
		return status >= 400;
	}

}
