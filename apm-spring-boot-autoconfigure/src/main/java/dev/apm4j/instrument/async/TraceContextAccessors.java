package dev.apm4j.instrument.async;

import java.util.UUID;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.CurrentSpanAccessor;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.contextpropagation.ObservationAwareBaggageThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Registers the current span, and baggage, with the JVM-wide {@link ContextRegistry} for
 * as long as an application context lives. Each tracer has a key of its own, so that two
 * application contexts in one JVM don't take each other's place.
 */
public final class TraceContextAccessors implements AutoCloseable {

	private final ContextRegistry registry;

	private final ThreadLocalAccessor<?> spanAccessor;

	private final @Nullable ThreadLocalAccessor<?> baggageAccessor;

	/**
	 * Registers the accessors.
	 * @param registry where to register, usually {@link ContextRegistry#getInstance()}
	 * @param observations the registry whose current Observation restores its own span
	 * @param tracer the tracer
	 */
	public TraceContextAccessors(ContextRegistry registry, ObservationRegistry observations, ApmTracer tracer) {
		this.registry = registry;
		this.spanAccessor = new CurrentSpanAccessor("dev.apm4j.span." + UUID.randomUUID(), observations, tracer);
		registry.registerThreadLocalAccessor(this.spanAccessor);
		this.baggageAccessor = registerBaggage(observations, tracer);
	}

	/**
	 * Reactor's baggage is bound to one well-known key, so the first tracer of a JVM gets
	 * it.
	 */
	private @Nullable ThreadLocalAccessor<?> registerBaggage(ObservationRegistry observations, Tracer tracer) {
		for (ThreadLocalAccessor<?> accessor : this.registry.getThreadLocalAccessors()) {
			if (ObservationAwareBaggageThreadLocalAccessor.KEY.equals(accessor.key())) {
				return null;
			}
		}
		ThreadLocalAccessor<?> accessor = new ObservationAwareBaggageThreadLocalAccessor(observations, tracer);
		this.registry.registerThreadLocalAccessor(accessor);
		return accessor;
	}

	/**
	 * Takes the accessors out again. Idempotent.
	 */
	@Override
	public void close() {
		remove(this.spanAccessor);
		if (this.baggageAccessor != null) {
			remove(this.baggageAccessor);
		}
	}

	private void remove(ThreadLocalAccessor<?> accessor) {
		if (this.registry.getThreadLocalAccessors().contains(accessor)) {
			this.registry.removeThreadLocalAccessor(accessor.key());
		}
	}

}
