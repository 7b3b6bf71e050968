package dev.apm4j.instrument.observation;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.Observation;

/**
 * The server observation of WebFlux, and of Spring MVC where the servlet filter is off.
 */
final class HttpServerTranslation extends HttpTranslation {

	@Override
	public String observationName() {
		return "http.server.requests";
	}

	@Override
	public void started(Observation.Context context, ApmSpan span) {
		String path = value(context, "http.url");
		if (path != null) {
			span.tag("url.path", path);
		}
	}

	@Override
	String patternAttribute() {
		return "http.route";
	}

	@Override
	boolean isFailure(int status) {
		return status >= 500;
	}

}
