package dev.apm4j.instrument;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a traced method: its span, and whether the span was opened for the call or
 * only found. No method throws.
 */
final class SpanCall {

	private final SpanInterceptor<?> interceptor;

	private final Tracer tracer;

	private final Span span;

	private final boolean owner;

	private Tracer.@Nullable SpanInScope scope;

	SpanCall(SpanInterceptor<?> interceptor, Tracer tracer, Span span, boolean owner) {
		this.interceptor = interceptor;
		this.tracer = tracer;
		this.span = span;
		this.owner = owner;
	}

	/** Makes the span current on this thread, unless it is so already. */
	void enter() {
		if (this.owner) {
			try {
				this.scope = this.tracer.withSpan(this.span);
			}
			catch (Throwable ex) {
				this.interceptor.failed(ex);
			}
		}
	}

	void leave() {
		Tracer.SpanInScope entered = this.scope;
		if (entered != null) {
			this.scope = null;
			try {
				entered.close();
			}
			catch (Throwable ex) {
				this.interceptor.failed(ex);
			}
		}
	}

	void end(@Nullable Throwable error) {
		try {
			Throwable cause = (error != null) ? unwrap(error) : null;
			if (this.owner && cause != null) {
				this.span.error(cause);
			}
			this.interceptor.ended(this.span, cause);
		}
		catch (Throwable ex) {
			this.interceptor.failed(ex);
		}
		finally {
			if (this.owner) {
				this.span.end();
			}
		}
	}

	/** Ends what its consumer lost interest in, which is no failure. */
	void cancelled() {
		this.span.tag("apm.cancelled", true);
		end(null);
	}

	/**
	 * Ends with an asynchronous result.
	 * @param stage the result
	 * @return whether the end will come; {@code false} if the result can't be watched
	 */
	boolean endWith(CompletionStage<?> stage) {
		try {
			stage.whenComplete((result, error) -> end(error));
			return true;
		}
		catch (Throwable ex) {
			this.interceptor.failed(ex);
			return false;
		}
	}

	private static Throwable unwrap(Throwable error) {
		Throwable cause = error.getCause();
		boolean wrapper = error instanceof CompletionException || error instanceof ExecutionException;
		return (wrapper && cause != null && !(error instanceof CancellationException)) ? cause : error;
	}

}
