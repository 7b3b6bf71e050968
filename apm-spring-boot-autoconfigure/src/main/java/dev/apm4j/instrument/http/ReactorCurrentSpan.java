package dev.apm4j.instrument.http;

import java.util.Iterator;
import java.util.Map;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * The span that is current for a subscriber. It may be that of the subscribing thread, of
 * an Observation in the Reactor context, or a span there that a thread-local accessor
 * captured or the application wrote, under whatever key. Of several in one segment the
 * one that was opened last is the innermost.
 */
final class ReactorCurrentSpan {

	private ReactorCurrentSpan() {
	}

	static @Nullable Span find(@Nullable Span ofThread, ContextView context) {
		Span innermost = ofThread;
		Iterator<Map.Entry<Object, Object>> entries = context.stream().iterator();
		while (entries.hasNext()) {
			if (entries.next().getValue() instanceof Span span) {
				innermost = inner(innermost, span);
			}
		}
		TracingContext tracing = tracingContext(context);
		Span observed = (tracing != null) ? tracing.getSpan() : null;
		return (observed != null) ? inner(innermost, observed) : innermost;
	}

	private static Span inner(@Nullable Span found, Span other) {
		if (found instanceof ApmSpan first && other instanceof ApmSpan second && first.owner() == second.owner()) {
			return (first.number() > second.number()) ? first : second;
		}
		return other;
	}

	/** An Observation that is switched off has none, but its parent may. */
	private static @Nullable TracingContext tracingContext(ContextView context) {
		Object value = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		ObservationView observation = (value instanceof ObservationView view) ? view : null;
		while (observation != null) {
			TracingContext tracing = observation.getContextView().get(TracingContext.class);
			if (tracing != null) {
				return tracing;
			}
			observation = observation.getContextView().getParentObservation();
		}
		return null;
	}

}
