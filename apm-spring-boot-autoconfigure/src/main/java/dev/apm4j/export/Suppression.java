package dev.apm4j.export;

import java.util.function.Supplier;

import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what exporters call from being traced. The tracer is asked for late, because it
 * is built with the pipeline as its sink.
 */
final class Suppression {

	private static final Tracer.SpanInScope NONE = () -> {
	};

	private final Supplier<? extends @Nullable ApmTracer> supplier;

	private volatile @Nullable ApmTracer tracer;

	Suppression(Supplier<? extends @Nullable ApmTracer> supplier) {
		this.supplier = supplier;
	}

	Tracer.SpanInScope open() {
		try {
			ApmTracer found = this.tracer;
			if (found == null) {
				found = this.supplier.get();
				this.tracer = found;
			}
			return (found != null) ? found.suppress() : NONE;
		}
		catch (RuntimeException | LinkageError ex) {
			// The application context may be on its way out: better traced than not sent.
			return NONE;
		}
	}

}
