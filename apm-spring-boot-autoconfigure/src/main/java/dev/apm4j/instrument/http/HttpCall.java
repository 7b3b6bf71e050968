package dev.apm4j.instrument.http;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.http.HttpHeaders;

/**
 * One call with its open exit span. The first outcome counts, because a span ignores what
 * is set after its end: a subscriber may well cancel when it has the response.
 */
final class HttpCall {

	private static final Propagator.Setter<HttpHeaders> SETTER = (headers, key, value) -> {
		if (headers != null) {
			headers.set(key, value);
		}
	};

	private static final int FIRST_ERROR_STATUS = 400;

	private final Span span;

	private final Propagator propagator;

	HttpCall(Span span, Propagator propagator) {
		this.span = span;
		this.propagator = propagator;
	}

	Span span() {
		return this.span;
	}

	/** Replaces what the user may have set: the called side continues this span. */
	void inject(HttpHeaders headers) {
		try {
			this.propagator.inject(this.span.context(), headers, SETTER);
		}
		catch (RuntimeException ex) {
			// Headers that can't be written make a shorter trace, not a failed call.
		}
	}

	void responded(int status) {
		this.span.tag("http.response.status_code", status);
		if (status >= FIRST_ERROR_STATUS) {
			this.span.tag("error.type", Integer.toString(status));
		}
		this.span.end();
	}

	void failed(Throwable error) {
		this.span.error(error);
		this.span.end();
	}

	/**
	 * Nobody waits for the answer any more: a time-out further out, the loser of a race,
	 * a browser that went away. That is no failure of the called side, so it is an event.
	 */
	void cancelled() {
		this.span.event("cancelled");
		this.span.end();
	}

	/** Ended with neither response nor error, as a filter may do. */
	void finished() {
		this.span.end();
	}

}
