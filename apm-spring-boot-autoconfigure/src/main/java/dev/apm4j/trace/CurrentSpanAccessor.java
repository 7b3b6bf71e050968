package dev.apm4j.trace;

import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;

/**
 * Carries the current span to other threads with Micrometer's context propagation, and so
 * with Reactor. A span that an Observation has made current is left to the Observation's
 * own accessor.
 * <p>
 * In place of Micrometer's {@code ObservationAwareSpanThreadLocalAccessor}, which forgets
 * an open scope when an empty snapshot is applied inside of another one: the span then
 * stays current on a pooled thread. Here every call that sets or clears opens one scope
 * and every call that restores closes one. Thread-safe.
 */
public final class CurrentSpanAccessor implements ThreadLocalAccessor<ApmSpan> {

	private final String key;

	private final ObservationRegistry observations;

	private final CurrentSpans spans;

	/**
	 * Creates an accessor.
	 * @param key key in the context, different for every tracer of the JVM
	 * @param observations the registry whose current Observation restores its own span
	 * @param tracer the tracer
	 */
	public CurrentSpanAccessor(String key, ObservationRegistry observations, ApmTracer tracer) {
		this.key = key;
		this.observations = observations;
		this.spans = tracer.currentSpans();
	}

	@Override
	public Object key() {
		return this.key;
	}

	@Override
	public @Nullable ApmSpan getValue() {
		ApmSpan current = this.spans.span();
		return (current != null && !isObserved(current)) ? current : null;
	}

	private boolean isObserved(ApmSpan current) {
		Observation observation = this.observations.getCurrentObservation();
		TracingContext tracing = (observation != null) ? observation.getContext().get(TracingContext.class) : null;
		return tracing != null && current.equals(tracing.getSpan());
	}

	@Override
	public void setValue(ApmSpan value) {
		this.spans.openRestored(this, value, BaggageItems.EMPTY);
	}

	/**
	 * Clears what this accessor has set. Where it has set nothing, what is current
	 * belongs to somebody else, such as an Observation that is about to be restored, and
	 * stays.
	 */
	@Override
	public void setValue() {
		if (!this.spans.hasRestored(this)) {
			return;
		}
		ApmSpan current = this.spans.span();
		this.spans.openRestored(this, (current != null && isObserved(current)) ? current : null, BaggageItems.EMPTY);
	}

	@Override
	public void restore(ApmSpan previousValue) {
		this.spans.closeRestored(this);
	}

	@Override
	public void restore() {
		this.spans.closeRestored(this);
	}

}
