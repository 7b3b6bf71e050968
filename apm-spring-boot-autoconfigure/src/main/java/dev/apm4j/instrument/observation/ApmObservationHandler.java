package dev.apm4j.instrument.observation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Turns Observations into spans. It supports every context, so that exactly one tracing
 * handler sees each of them however the registry groups its handlers.
 * <p>
 * Whoever opens first owns: an Observation inside a native span for the same work, such
 * as Boot's server observation inside the servlet filter, adopts that span and leaves it
 * to its owner.
 */
public final class ApmObservationHandler implements TracingObservationHandler<Observation.Context> {

	private final ApmTracer tracer;

	private final Propagator propagator;

	private final Predicate<String> ignored;

	private final List<SpanTranslation> translations = List.of(new HttpClientTranslation(), new HttpServerTranslation(),
			new ScheduledTaskTranslation());

	/**
	 * Creates the handler.
	 * @param tracer the tracer
	 * @param propagator reads and writes headers of receiver and sender contexts
	 * @param ignored names of Observations that get no span of their own
	 */
	public ApmObservationHandler(ApmTracer tracer, Propagator propagator, Predicate<String> ignored) {
		this.tracer = tracer;
		this.propagator = propagator;
		this.ignored = ignored;
	}

	@Override
	public Tracer getTracer() {
		return this.tracer;
	}

	@Override
	public void onStart(Observation.Context context) {
		ApmTracingContext tracing = new ApmTracingContext();
		@Nullable Span parent = getParentSpan(context);
		context.put(TracingContext.class, tracing);
		if (this.tracer.isSuppressed()) {
			return;
		}
		ApmSpan current = (parent instanceof ApmSpan span) ? span : this.tracer.currentSpan();
		if (isCovered(context, current)) {
			tracing.setSpan(current);
			return;
		}
		tracing.own();
		tracing.setSpan(open(context, current));
	}

	private boolean isCovered(Observation.Context context, @Nullable ApmSpan current) {
		if (this.ignored.test(String.valueOf(context.getName()))) {
			return true;
		}
		if (current == null || !current.isActive()) {
			return false;
		}
		if (context instanceof ReceiverContext<?>) {
			return current.kind() == Span.Kind.SERVER;
		}
		if (context instanceof SenderContext<?> && current.kind() == Span.Kind.CLIENT) {
			// A client library that is observed itself below the client that the
			// application uses makes the same call. A client inside itself does not: that
			// is another call, made while the first one is handled.
			return !sameName(context, context.getParentObservation());
		}
		return false;
	}

	private static boolean sameName(Observation.Context context,
			io.micrometer.observation.@Nullable ObservationView parent) {
		return parent != null && String.valueOf(context.getName()).equals(parent.getContextView().getName());
	}

	private ApmSpan open(Observation.Context context, @Nullable ApmSpan current) {
		SpanTranslation translation = translation(context);
		if (context instanceof ReceiverContext<?> receiver) {
			ApmSpan span = (ApmSpan) extract(receiver).kind(Span.Kind.valueOf(receiver.getKind().name()))
				.name(name(context))
				.start();
			PeerAddress.apply(span, receiver.getRemoteServiceName(), receiver.getRemoteServiceAddress());
			translation.started(context, span);
			return span;
		}
		ApmSpan span = translation.isRoot() ? this.tracer.nextSegment(null) : this.tracer.nextSpan(current);
		span.name(name(context));
		if (context instanceof SenderContext<?> sender) {
			span.kind(Span.Kind.valueOf(sender.getKind().name()));
			PeerAddress.apply(span, sender.getRemoteServiceName(), sender.getRemoteServiceAddress());
			span.start();
			translation.started(context, span);
			inject(sender, span);
			return span;
		}
		span.start();
		translation.started(context, span);
		return span;
	}

	private <C> Span.Builder extract(ReceiverContext<C> context) {
		C carrier = context.getCarrier();
		return (carrier != null) ? this.propagator.extract(carrier, new ReceiverGetter<>(context))
				: this.tracer.spanBuilder();
	}

	private <C> void inject(SenderContext<C> context, ApmSpan span) {
		C carrier = context.getCarrier();
		if (carrier != null) {
			this.propagator.inject(span.context(), carrier,
					(target, key, value) -> context.getSetter().set(target, key, value));
		}
	}

	private SpanTranslation translation(Observation.Context context) {
		String name = context.getName();
		for (SpanTranslation translation : this.translations) {
			if (translation.observationName().equals(name)) {
				return translation;
			}
		}
		return GenericTranslation.INSTANCE;
	}

	private static String name(Observation.Context context) {
		String name = context.getContextualName();
		return (name != null && !name.isBlank()) ? name : String.valueOf(context.getName());
	}

	@Override
	public void onScopeOpened(Observation.Context context) {
		TracingContext tracing = context.get(TracingContext.class);
		if (tracing instanceof ApmTracingContext && tracing.getSpan() == null) {
			// Suppressed: what is current stays so.
			return;
		}
		TracingObservationHandler.super.onScopeOpened(context);
	}

	@Override
	public void onScopeReset(Observation.Context context) {
		TracingContext tracing = getTracingContext(context);
		for (CurrentTraceContext.Scope scope = tracing.getScope(); scope != null; scope = tracing.getScope()) {
			scope.close();
		}
	}

	@Override
	public void onEvent(Observation.Event event, Observation.Context context) {
		Span span = getTracingContext(context).getSpan();
		if (span == null) {
			return;
		}
		if (event.getWallTime() == 0) {
			span.event(event.getContextualName());
		}
		else {
			span.event(event.getContextualName(), event.getWallTime(), TimeUnit.MILLISECONDS);
		}
	}

	@Override
	public void onError(Observation.Context context) {
		ApmSpan span = ownSpan(context);
		if (span != null) {
			span.error(context.getError());
		}
	}

	@Override
	public void onStop(Observation.Context context) {
		TracingContext tracing = getTracingContext(context);
		SpanTranslation translation = translation(context);
		if (tracing.getSpan() instanceof ApmSpan adopted && ownSpan(context) == null) {
			if (translation != GenericTranslation.INSTANCE) {
				translation.enrich(context, adopted);
			}
			return;
		}
		ApmSpan span = ownSpan(context);
		if (span != null) {
			if (!translation.isRoot()) {
				span.name(name(context));
			}
			translation.stopped(context, span);
			endSpan(context, span);
		}
	}

	private static @Nullable ApmSpan ownSpan(Observation.Context context) {
		TracingContext tracing = context.get(TracingContext.class);
		return (tracing instanceof ApmTracingContext own && own.isOwner()) ? (ApmSpan) tracing.getSpan() : null;
	}

	/** Copies a key value unless it only says that there is nothing to say. */
	static void tag(Span span, KeyValue keyValue) {
		if (!KeyValue.NONE_VALUE.equals(keyValue.getValue())) {
			span.tag(keyValue.getKey(), keyValue.getValue());
		}
	}

}
