package dev.apm4j.instrument.http;

import java.net.URI;
import java.util.function.Supplier;

import dev.apm4j.instrument.SafeUrl;
import dev.apm4j.instrument.UrlTemplate;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;

/**
 * What the hooks of all HTTP clients share: it opens the exit span of a call, or finds
 * that the call has one. Thread-safe. Tracer and propagator are asked for at the first
 * call, so that a client that is created early pulls nothing else in with it.
 * <p>
 * Attributes and names follow OpenTelemetry's semantic conventions for HTTP client spans.
 * A call with a template and seven attributes allocates about 700 bytes on JDK 17, the
 * span included and the written headers not; a query adds up to 450 for its masking, the
 * filter of a WebClient another 1,000, mostly for the copy of its immutable request.
 */
public final class HttpClientTracing {

	private static final Logger logger = LoggerFactory.getLogger(HttpClientTracing.class);

	private static final String URL_TEMPLATE = "url.template";

	private final Supplier<Parts> supplier;

	private volatile @Nullable Parts parts;

	/**
	 * Creates the shared part of the hooks.
	 * @param tracer opens the spans
	 * @param propagator writes the headers
	 * @param alreadyTraced recognises calls that have a span
	 * @param observations where to look for the URI template of a RestTemplate's call
	 */
	public HttpClientTracing(Supplier<? extends Tracer> tracer, Supplier<? extends Propagator> propagator,
			Supplier<? extends AlreadyTraced> alreadyTraced, Supplier<? extends ObservationRegistry> observations) {
		this.supplier = () -> new Parts(tracer.get(), propagator.get(), alreadyTraced.get(), observations.get());
	}

	private @Nullable Parts parts() {
		Parts found = this.parts;
		if (found == null) {
			found = this.supplier.get();
			this.parts = found;
		}
		return found;
	}

	/** The tracer, or {@code null} if nothing is to be traced here. */
	@Nullable Tracer tracer() {
		try {
			Parts found = parts();
			if (found == null || (found.tracer instanceof ApmTracer apm && apm.isSuppressed())) {
				return null;
			}
			return found.tracer;
		}
		catch (RuntimeException ex) {
			// The first call is made while the application starts or shuts down.
			logger.debug("HTTP client call is not traced", ex);
			return null;
		}
	}

	@Nullable Observation currentObservation() {
		Parts found = this.parts;
		return (found != null) ? found.observations.getCurrentObservation() : null;
	}

	/**
	 * Opens the span of a call.
	 * @param client which client makes it
	 * @param current the span that the call is made in
	 * @param method the method
	 * @param uri the URI
	 * @param template the URI template if the client knows it
	 * @param headers the headers so far, only read
	 * @return the call, or {@code null} if it has a span already or can't have one
	 */
	@Nullable HttpCall begin(HttpClientKind client, @Nullable Span current, String method, URI uri, @Nullable String template,
			HttpHeaders headers) {
		Parts found = this.parts;
		if (found == null || (current instanceof ApmSpan apm && apm.isSuppressed())) {
			return null;
		}
		try {
			String path = UrlTemplate.path(template);
			if (current != null && isExit(current) && found.alreadyTraced.test(current.context(), headers)) {
				enrich(client, current, method, uri, path);
				return null;
			}
			return new HttpCall(start(found.tracer, client, current, method, uri, path), found.propagator);
		}
		catch (RuntimeException ex) {
			logger.debug("HTTP client call is not traced", ex);
			return null;
		}
	}

	/** Other tracers don't say of what kind their spans are; there the headers decide. */
	private static boolean isExit(Span span) {
		return !(span instanceof ApmSpan apm) || (apm.kind() == Span.Kind.CLIENT && apm.isActive());
	}

	private static Span start(Tracer tracer, HttpClientKind client, @Nullable Span parent, String method, URI uri,
			@Nullable String path) {
		Span.Builder span = tracer.spanBuilder();
		if (parent != null) {
			span.setParent(parent.context());
		}
		span.kind(Span.Kind.CLIENT).name((path != null) ? method + " " + path : method);
		if (!(parent instanceof ApmSpan apm && apm.isNoop())) {
			span.tag("http.request.method", method);
			if (path != null) {
				span.tag(URL_TEMPLATE, path);
			}
			String host = SafeUrl.host(uri);
			if (host != null) {
				span.tag("server.address", host);
				int port = SafeUrl.port(uri);
				if (port > 0) {
					span.tag("server.port", port);
				}
			}
			span.tag("url.full", SafeUrl.of(uri)).tag(HttpClientKind.ATTRIBUTE, client.value());
		}
		return span.start();
	}

	/**
	 * The owner is an Observation: it knows the status, but not what may be shown of a
	 * URL.
	 */
	private static void enrich(HttpClientKind client, Span span, String method, URI uri, @Nullable String path) {
		span.tag("url.full", SafeUrl.of(uri)).tag(HttpClientKind.ATTRIBUTE, client.value());
		if (path != null && span instanceof ApmSpan apm && apm.attribute(URL_TEMPLATE) == null) {
			span.tag(URL_TEMPLATE, path).name(method + " " + path);
		}
	}

	private record Parts(Tracer tracer, Propagator propagator, AlreadyTraced alreadyTraced,
			ObservationRegistry observations) {
	}

}
