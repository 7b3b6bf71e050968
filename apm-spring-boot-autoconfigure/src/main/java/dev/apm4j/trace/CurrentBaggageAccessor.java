package dev.apm4j.trace;

import java.util.Map;

import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.tracing.contextpropagation.BaggageToPropagate;
import io.micrometer.tracing.contextpropagation.ObservationAwareBaggageThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Carries baggage to other threads where no span does: that of a thread without a span,
 * and what an application adds to Reactor's context with {@code ReactorBaggage}. Has the
 * key of Micrometer's own accessor, in whose place it stands: that one copies the baggage
 * of the current span each time anybody looks. Thread-safe.
 */
public final class CurrentBaggageAccessor implements ThreadLocalAccessor<BaggageToPropagate> {

	private final ApmTracer tracer;

	/**
	 * Creates an accessor.
	 * @param tracer the tracer
	 */
	public CurrentBaggageAccessor(ApmTracer tracer) {
		this.tracer = tracer;
	}

	@Override
	public Object key() {
		return ObservationAwareBaggageThreadLocalAccessor.KEY;
	}

	@Override
	public @Nullable BaggageToPropagate getValue() {
		ApmScope scope = this.tracer.currentSpans().scope();
		if (scope == null || scope.span() != null || scope.baggage().isEmpty()) {
			return null;
		}
		return new BaggageToPropagate(scope.baggage().asMap());
	}

	@Override
	public void setValue(BaggageToPropagate value) {
		ApmSpan span = this.tracer.currentSpans().span();
		BaggageItems items = this.tracer.baggage(span);
		for (Map.Entry<String, String> entry : value.getBaggage().entrySet()) {
			items = items.with(entry.getKey(), entry.getValue());
		}
		if (span != null) {
			span.baggageItems(items);
		}
		this.tracer.currentSpans().openRestored(this, span, items);
	}

	@Override
	public void setValue() {
		ApmScope scope = this.tracer.currentSpans().scope();
		this.tracer.currentSpans().openRestored(this, (scope != null) ? scope.span() : null, BaggageItems.EMPTY);
	}

	@Override
	public void restore(BaggageToPropagate previousValue) {
		this.tracer.currentSpans().closeRestored(this);
	}

	@Override
	public void restore() {
		this.tracer.currentSpans().closeRestored(this);
	}

}
