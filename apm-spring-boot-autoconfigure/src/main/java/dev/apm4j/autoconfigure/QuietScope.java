package dev.apm4j.autoconfigure;

import java.util.function.Supplier;

import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Opens scopes in which nothing is traced, for what backends do on threads of their own.
 * The tracer is asked for late: it needs the backends itself.
 *
 * @param tracer gives the tracer, if there is one
 */
record QuietScope(ObjectProvider<ApmTracer> tracer) implements Supplier<Tracer.SpanInScope> {

	private static final Tracer.SpanInScope NONE = () -> {
	};

	@Override
	public Tracer.SpanInScope get() {
		try {
			ApmTracer present = this.tracer.getIfAvailable();
			return (present != null) ? present.suppress() : NONE;
		}
		catch (RuntimeException ex) {
			// The application context is on its way out: better traced than not sent.
			return NONE;
		}
	}

}
