package dev.apm4j.instrument.servlet;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The span of one request and what is known of the request's fate. It lives in a request
 * attribute. The container calls it from one thread after the other and orders these
 * calls; only the end may come from two threads at once.
 */
final class RequestSpan implements AsyncListener {

	/** Name of the request attribute that holds the state. */
	static final String ATTRIBUTE = RequestSpan.class.getName();

	private static final VarHandle ENDED;

	static {
		try {
			ENDED = MethodHandles.lookup().findVarHandle(RequestSpan.class, "ended", boolean.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final ServerAttributes attributes;

	private final Span span;

	private final boolean owned;

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final String method;

	/** Whether {@link #requestDestroyed()} will be called. */
	private final boolean endIsReported;

	private @Nullable String route;

	/** Whether the span has its name by the route. */
	private boolean named;

	/** Whether the request went on to an error page, whose route is not its own. */
	private boolean routeLeft;

	private boolean dispatching;

	private boolean listening;

	private boolean timedOut;

	private boolean clientAborted;

	private @Nullable Throwable failure;

	/** Closed when the request is over or goes on to an error page. */
	private Tracer.@Nullable SpanInScope kept;

	@SuppressWarnings({ "unused", "FieldMayBeFinal" })
	private boolean ended;

	RequestSpan(ServerAttributes attributes, Span span, boolean owned, HttpServletRequest request,
			HttpServletResponse response, String method, boolean endIsReported) {
		this.attributes = attributes;
		this.span = span;
		this.owned = owned;
		this.request = request;
		this.response = response;
		this.method = method;
		this.endIsReported = endIsReported;
	}

	Span span() {
		return this.span;
	}

	/** Whether a dispatch of this request is running, with the span as current one. */
	boolean isDispatching() {
		return this.dispatching;
	}

	void dispatching(DispatcherType type) {
		// An error page may go on asynchronously, and then nobody tells the end here.
		release();
		this.dispatching = true;
		this.listening = false;
		if (type == DispatcherType.ERROR) {
			this.routeLeft = true;
		}
	}

	/**
	 * The request goes on elsewhere, where its route attribute is replaced. Without a
	 * route so far, as after a filter that rewrites URLs, the next one is its own.
	 */
	void leavesRoute(DispatcherType type) {
		findRoute();
		this.routeLeft = this.routeLeft || this.route != null || type == DispatcherType.ERROR;
	}

	void failed(Throwable thrown) {
		if (this.failure == null) {
			Throwable cause = (thrown instanceof ServletException) ? thrown.getCause() : null;
			this.failure = (cause != null) ? cause : thrown;
			this.clientAborted = ClientAbort.isReasonOf(thrown);
		}
	}

	/**
	 * Whether the span stays the current one of this thread until the container is done
	 * with the request. A container tells the end of an asynchronous one on any thread.
	 */
	boolean keepsScope(DispatcherType type, Tracer.SpanInScope scope) {
		try {
			if (!this.endIsReported || type != DispatcherType.REQUEST || this.request.isAsyncStarted()) {
				return false;
			}
		}
		catch (RuntimeException ex) {
			return false;
		}
		this.kept = scope;
		return true;
	}

	/**
	 * A dispatch is over. The request is too, unless it goes on asynchronously or the
	 * container may answer it with an error page.
	 */
	void dispatched(DispatcherType type) {
		this.dispatching = false;
		try {
			findRoute();
			if (this.request.isAsyncStarted()) {
				listen();
				return;
			}
			if (this.endIsReported && type != DispatcherType.ERROR
					&& (this.failure != null || this.response.getStatus() >= 400)) {
				return;
			}
		}
		catch (RuntimeException ex) {
			// A container that has given the request up already: nothing more will come.
		}
		end();
	}

	/** The handler's calls may tell the route already. */
	void handlerFound() {
		try {
			if (this.route == null && ServerAttributes.isRecorded(this.span)) {
				findRoute();
				rename();
			}
		}
		catch (RuntimeException ex) {
			// The route is looked for at the end again.
		}
	}

	private void findRoute() {
		if (!this.routeLeft && this.route == null) {
			this.route = Route.of(this.request);
		}
	}

	private void listen() {
		if (!this.listening) {
			this.listening = true;
			this.request.getAsyncContext().addListener(this);
		}
	}

	/**
	 * The container is done with the request, error page included.
	 */
	void requestDestroyed() {
		release();
		if (!this.dispatching && !this.listening) {
			end();
		}
	}

	private void release() {
		if (this.kept != null) {
			this.kept.close();
			this.kept = null;
		}
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// A container forgets its listeners with each new cycle.
		this.listening = true;
		this.timedOut = false;
		event.getAsyncContext().addListener(this);
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		this.timedOut = true;
	}

	@Override
	public void onError(AsyncEvent event) {
		Throwable thrown = event.getThrowable();
		if (thrown != null) {
			failed(thrown);
		}
		if (thrown instanceof IOException) {
			// The container gives the connection up. If the thread of the first dispatch
			// hasn't left Tomcat by then and a listener dispatches now, as Spring MVC
			// does, Tomcat calls neither the filter nor onComplete any more.
			end();
		}
	}

	@Override
	public void onComplete(AsyncEvent event) {
		end();
	}

	private void end() {
		if (!ENDED.compareAndSet(this, false, true)) {
			return;
		}
		try {
			if (ServerAttributes.isRecorded(this.span)) {
				rename();
				describe();
			}
		}
		catch (RuntimeException ex) {
			// A container that takes its request back early: the span ends without it.
		}
		finally {
			if (this.owned) {
				this.span.end();
			}
		}
	}

	private void rename() {
		if (this.route != null && !this.named) {
			this.named = true;
			if (!this.owned || !(this.span instanceof ApmSpan own)
					|| own.name().equals(ServerAttributes.nameOf(this.method))) {
				this.span.name(this.attributes.nameOf(this.method, this.route));
			}
			this.attributes.route(this.span, this.route);
		}
	}

	private void describe() {
		int status = this.response.getStatus();
		Throwable thrown = this.failure;
		if (thrown == null) {
			thrown = Route.handledException(this.request);
			this.clientAborted = thrown != null && ClientAbort.isReasonOf(thrown);
		}
		if (this.clientAborted) {
			this.attributes.status(this.span, status);
			this.attributes.clientAborted(this.span);
			return;
		}
		if (this.failure != null && status < 400 && !this.response.isCommitted()) {
			// What the container is going to answer as soon as it has the exception.
			status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
		}
		this.attributes.status(this.span, status);
		if (this.timedOut && this.failure == null) {
			this.attributes.timedOut(this.span, status);
		}
		else if (this.failure != null || status >= 500) {
			this.attributes.failed(this.span, status, thrown);
		}
	}

}
