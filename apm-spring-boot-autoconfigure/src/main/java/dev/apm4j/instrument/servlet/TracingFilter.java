package dev.apm4j.instrument.servlet;

import java.io.IOException;
import java.util.function.Predicate;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Opens one server span for each request and makes it current while the request's code
 * runs, in the first dispatch and in the asynchronous and error dispatches that follow
 * it. To be the outermost filter, for the dispatcher types {@code REQUEST},
 * {@code ASYNC}, {@code ERROR} and {@code FORWARD}. Thread-safe.
 * <p>
 * It should be registered as a listener, too, or in Tomcat a {@link RequestEndValve} in
 * its place. A failed request may be followed by an error dispatch, which a filter can't
 * foresee; the listener is told when the container is really done, so that the span
 * covers the error page and ends with its status. Without either, as in a test with mock
 * requests, the span of such a request ends with the filter, and what the error page does
 * still joins the same trace.
 * <p>
 * The name is the method and the route, such as {@code GET /orders/{id}}, and only the
 * method for a request that was answered before a route was found, so that hostile paths
 * can't make new names. A span that the application has renamed keeps its name.
 * <p>
 * With an {@link ApmTracer} a synchronous request with {@link RecordedDetails#DEFAULT}
 * allocates 520 bytes (measured on JDK 17 with mock objects and without trace headers):
 * the span, its segment, six attributes, the name, the scope and the state.
 */
public final class TracingFilter implements Filter, ServletRequestListener {

	/** State of a request that is left out. */
	private static final String IGNORED = "ignored";

	/** State of a request before the filter, if the container will report its end. */
	private static final String REPORTED = "reported";

	private final Tracer tracer;

	private final @Nullable ApmTracer suppressing;

	private final Propagator propagator;

	private final Propagator.Getter<HttpServletRequest> headers;

	private final Predicate<HttpServletRequest> ignored;

	private final ServerAttributes attributes;

	/**
	 * Creates the filter.
	 * @param tracer the tracer; requests that are left out hide their calls only with an
	 * {@link ApmTracer}
	 * @param propagator reads the caller's context
	 * @param headers reads a request's headers for the propagator
	 * @param ignored which requests are left out, together with all calls they make;
	 * called once a request
	 * @param details what is recorded besides method, scheme, path, route and status
	 */
	public TracingFilter(Tracer tracer, Propagator propagator, Propagator.Getter<HttpServletRequest> headers,
			Predicate<HttpServletRequest> ignored, RecordedDetails details) {
		this.tracer = tracer;
		this.suppressing = (tracer instanceof ApmTracer apmTracer) ? apmTracer : null;
		this.propagator = propagator;
		this.headers = headers;
		this.ignored = ignored;
		this.attributes = new ServerAttributes(details);
	}

	@Override
	public void requestInitialized(ServletRequestEvent event) {
		begins(event.getServletRequest());
	}

	@Override
	public void requestDestroyed(ServletRequestEvent event) {
		ends(event.getServletRequest());
	}

	static void begins(ServletRequest request) {
		if (request.getAttribute(RequestSpan.ATTRIBUTE) == null) {
			request.setAttribute(RequestSpan.ATTRIBUTE, REPORTED);
		}
	}

	static void ends(ServletRequest request) {
		if (request.getAttribute(RequestSpan.ATTRIBUTE) instanceof RequestSpan span) {
			span.requestDestroyed();
		}
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (!(request instanceof HttpServletRequest httpRequest)
				|| !(response instanceof HttpServletResponse httpResponse)) {
			chain.doFilter(request, response);
			return;
		}
		Object state = request.getAttribute(RequestSpan.ATTRIBUTE);
		if (state == null || state == REPORTED) {
			state = open(httpRequest, httpResponse, state == REPORTED);
		}
		if (state instanceof RequestSpan span) {
			if (span.isDispatching()) {
				nested(span, request, response, chain);
			}
			else {
				dispatch(span, request, response, chain);
			}
		}
		else if (state == IGNORED) {
			try (Tracer.SpanInScope scope = (this.suppressing != null) ? this.suppressing.suppress()
					: this.tracer.withSpan(null)) {
				chain.doFilter(request, response);
			}
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private @Nullable Object open(HttpServletRequest request, HttpServletResponse response, boolean endIsReported) {
		try {
			Object state = this.ignored.test(request) ? IGNORED : start(request, response, endIsReported);
			request.setAttribute(RequestSpan.ATTRIBUTE, state);
			return state;
		}
		catch (RuntimeException ex) {
			// Tracing must never be the reason for a request to fail.
			return null;
		}
	}

	private RequestSpan start(HttpServletRequest request, HttpServletResponse response, boolean endIsReported) {
		String method = ServerAttributes.knownMethod(request.getMethod());
		if (this.tracer.currentSpan() instanceof ApmSpan current && ServerAttributes.isOf(request, current)) {
			return new RequestSpan(this.attributes, current, false, request, response, method, endIsReported);
		}
		Span span = this.propagator.extract(request, this.headers)
			.kind(Span.Kind.SERVER)
			.name(ServerAttributes.nameOf(method))
			.start();
		this.attributes.started(span, request, method);
		return new RequestSpan(this.attributes, span, true, request, response, method, endIsReported);
	}

	/** The request passes this filter again inside a dispatch: its span is current. */
	private static void nested(RequestSpan span, ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		DispatcherType type = request.getDispatcherType();
		if (type == DispatcherType.FORWARD || type == DispatcherType.ERROR) {
			span.leavesRoute(type);
		}
		chain.doFilter(request, response);
	}

	private void dispatch(RequestSpan span, ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		DispatcherType type = request.getDispatcherType();
		span.dispatching(type);
		boolean open = true;
		Tracer.SpanInScope scope = this.tracer.withSpan(span.span());
		try {
			chain.doFilter(request, response);
		}
		catch (Throwable ex) {
			span.failed(ex);
			// The container is about to log the exception, and its line is the one that
			// people look for the trace of.
			open = !span.keepsScope(type, scope);
			throw ex;
		}
		finally {
			if (open) {
				scope.close();
			}
			span.dispatched(type);
		}
	}

}
