package dev.apm4j.instrument.observation;

import java.util.Set;
import java.util.regex.Pattern;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * The server observation of WebFlux, and of Spring MVC where the servlet filter is off.
 */
final class HttpServerTranslation extends HttpTranslation {

	private static final String SERVLET = "org.springframework.http.server.observation.ServerRequestObservationContext";

	private static final String REACTIVE = "org.springframework.http.server.reactive.observation.ServerRequestObservationContext";

	private static final Set<String> TYPES = Set.of(SERVLET, REACTIVE);

	/** Parameters of a path carry session ids. */
	private static final Pattern PATH_PARAMETER = Pattern.compile("(?:;|%3B)[^/]*", Pattern.CASE_INSENSITIVE);

	@Override
	public String observationName() {
		return "http.server.requests";
	}

	@Override
	public Set<String> contextTypes() {
		return TYPES;
	}

	@Override
	public void started(Observation.Context context, ApmSpan span) {
		String path = value(context, "http.url");
		if (path != null) {
			span.tag("url.path", PATH_PARAMETER.matcher(path).replaceAll(""));
		}
		name(span, value(context, "method"), null);
	}

	/** The key values tell the route only at the end. */
	@Override
	public void progressed(Observation.ContextView context, ApmSpan span) {
		String route = (span.attribute(patternAttribute()) == null) ? route(context) : null;
		if (route != null && route.startsWith("/")) {
			span.tag(patternAttribute(), route);
			name(span, value(context, "method"), route);
		}
	}

	private static @Nullable String route(Observation.ContextView context) {
		return switch (context.getClass().getName()) {
			case SERVLET -> ServletRoute.of(context);
			case REACTIVE -> ReactiveRoute.of(context);
			default -> null;
		};
	}

	/**
	 * Whether an exception is a failure of the server only the status tells: most of
	 * those that an application throws to answer with 4xx are not.
	 */
	@Override
	public void failed(Observation.Context context, ApmSpan span) {
	}

	@Override
	public void stopped(Observation.Context context, ApmSpan span) {
		int status = status(context);
		if (status == 0 || isFailure(status)) {
			span.error(context.getError());
		}
		super.stopped(context, span);
	}

	@Override
	String patternAttribute() {
		return "http.route";
	}

	@Override
	String pattern(String uri) {
		return uri;
	}

	@Override
	boolean isFailure(int status) {
		return status >= 500;
	}

	/** Loaded only where there is such a context. */
	private static final class ServletRoute {

		static @Nullable String of(Observation.ContextView context) {
			return ((org.springframework.http.server.observation.ServerRequestObservationContext) context)
				.getPathPattern();
		}

	}

	/** Loaded only where there is such a context. */
	private static final class ReactiveRoute {

		static @Nullable String of(Observation.ContextView context) {
			return ((org.springframework.http.server.reactive.observation.ServerRequestObservationContext) context)
				.getPathPattern();
		}

	}

}
