package dev.apm4j.instrument.observation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.apm4j.instrument.observation.ApmTracingContext.Role;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns Observations into spans. It supports every context, so that exactly one tracing
 * handler sees each of them however the registry groups its handlers.
 * <p>
 * Whoever opens first owns: an Observation inside a native span for the same work, such
 * as Boot's server observation inside the servlet filter, adopts that span and leaves it
 * to its owner.
 */
public final class ApmObservationHandler implements TracingObservationHandler<Observation.Context> {

	private static final Logger logger = LoggerFactory.getLogger(ApmObservationHandler.class);

	private final ApmTracer tracer;

	private final Propagator propagator;

	private final Function<Observation.Context, Treatment> rules;

	private final List<SpanTranslation> translations = List.of(new HttpClientTranslation(), new HttpServerTranslation(),
			new ScheduledTaskTranslation());

	/**
	 * Creates the handler.
	 * @param tracer the tracer
	 * @param propagator reads and writes headers of receiver and sender contexts
	 * @param rules which Observations are traced; asked once an Observation, at its
	 * start, by any thread
	 */
	public ApmObservationHandler(ApmTracer tracer, Propagator propagator,
			Function<Observation.Context, Treatment> rules) {
		this.tracer = tracer;
		this.propagator = propagator;
		this.rules = rules;
	}

	@Override
	public Tracer getTracer() {
		return this.tracer;
	}

	@Override
	public void onStart(Observation.Context context) {
		if (context instanceof SenderContext<?>) {
			describeAround(context.getParentObservation());
		}
		@Nullable Span parent = getParentSpan(context);
		ApmSpan current = (parent instanceof ApmSpan span) ? span : this.tracer.currentSpan();
		if (this.tracer.isSuppressed() || (current == null && isSuppressed(context.getParentObservation()))) {
			context.put(TracingContext.class, ApmTracingContext.suppressed());
			return;
		}
		Treatment treatment = this.rules.apply(context);
		if (treatment != Treatment.TRACE) {
			context.put(TracingContext.class, (treatment == Treatment.IGNORE) ? ApmTracingContext.transparent(current)
					: ApmTracingContext.suppressed());
			return;
		}
		SpanTranslation translation = translation(context);
		context.put(TracingContext.class,
				isCovered(context, current) ? new ApmTracingContext(Role.ADOPTER, translation, current)
						: new ApmTracingContext(Role.OWNER, translation, open(context, translation, current)));
	}

	private static void describeAround(@Nullable ObservationView parent) {
		for (ObservationView outer = parent; outer != null; outer = outer.getContextView().getParentObservation()) {
			if (outer.getContextView().get(TracingContext.class) instanceof ApmTracingContext tracing) {
				ApmSpan span = tracing.ownSpan();
				if (span != null) {
					tracing.translation().progressed(outer.getContextView(), span);
				}
			}
		}
	}

	private static boolean isSuppressed(@Nullable ObservationView parent) {
		TracingContext tracing = (parent != null) ? parent.getContextView().get(TracingContext.class) : null;
		return tracing instanceof ApmTracingContext own && own.role() == Role.SUPPRESSED;
	}

	private static boolean isCovered(Observation.Context context, @Nullable ApmSpan current) {
		if (current == null || !current.isActive()) {
			return false;
		}
		if (context instanceof ReceiverContext<?> receiver) {
			// A message that is received while a request is handled is another entry.
			return current.kind() == Span.Kind.SERVER && receiver.getKind() == Kind.SERVER;
		}
		if (context instanceof SenderContext<?> sender && sender.getKind() == Kind.CLIENT) {
			// A client library that is observed itself below the client that the
			// application uses makes the same call. A client inside itself does not: that
			// is another call, made while the first one is handled.
			return current.kind() == Span.Kind.CLIENT && !sameName(context, context.getParentObservation());
		}
		return false;
	}

	private static boolean sameName(Observation.Context context, @Nullable ObservationView parent) {
		return parent != null && String.valueOf(context.getName()).equals(parent.getContextView().getName());
	}

	private ApmSpan open(Observation.Context context, SpanTranslation translation, @Nullable ApmSpan current) {
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
		if (carrier != null) {
			try {
				return this.propagator.extract(carrier, new ReceiverGetter<>(context));
			}
			catch (RuntimeException ex) {
				// The getter is a library's and may fail on a message that is closed.
				logger.debug("Trace headers can't be read", ex);
			}
		}
		return this.tracer.spanBuilder();
	}

	private <C> void inject(SenderContext<C> context, ApmSpan span) {
		C carrier = context.getCarrier();
		if (carrier != null) {
			try {
				this.propagator.inject(span.context(), carrier,
						(target, key, value) -> context.getSetter().set(target, key, value));
			}
			catch (RuntimeException ex) {
				// Headers are read-only where a library sends a message once more.
				logger.debug("Trace headers can't be written", ex);
			}
		}
	}

	private SpanTranslation translation(Observation.Context context) {
		String name = context.getName();
		String type = context.getClass().getName();
		for (SpanTranslation translation : this.translations) {
			if (translation.observationName().equals(name) || translation.contextTypes().contains(type)) {
				return translation;
			}
		}
		return GenericTranslation.INSTANCE;
	}

	static String name(Observation.Context context) {
		String name = context.getContextualName();
		return (name != null && !name.isBlank()) ? name : String.valueOf(context.getName());
	}

	@Override
	public void onScopeOpened(Observation.Context context) {
		TracingContext tracing = context.get(TracingContext.class);
		if (tracing instanceof ApmTracingContext own) {
			if (own.role() == Role.SUPPRESSED) {
				suppress(own);
				return;
			}
			if (own.getSpan() == null) {
				// Ignored, with nothing around it: what is current stays so.
				return;
			}
			if (own.role() == Role.ADOPTER && own.getScope() == null && own.getSpan() == this.tracer.currentSpan()) {
				// The owner has made it current: there is nothing to open or to close.
				return;
			}
		}
		else if (this.tracer.isSuppressed()) {
			// The placeholder for "no Observation", which must not switch tracing on.
			return;
		}
		TracingObservationHandler.super.onScopeOpened(context);
	}

	/** The scope may be on another thread than the one that was suppressed. */
	private void suppress(TracingContext tracing) {
		CurrentTraceContext.Scope previous = tracing.getScope();
		Tracer.SpanInScope suppression = this.tracer.suppress();
		tracing.setScope(() -> {
			suppression.close();
			tracing.setScope(previous);
		});
	}

	/**
	 * Closes what is open on this thread, also for the Observations around this one,
	 * which the registry does not name one by one. What was not opened here stays
	 * current.
	 */
	@Override
	public void onScopeReset(Observation.Context context) {
		closeScopes(context);
		for (ObservationView outer = context.getParentObservation(); outer != null; outer = outer.getContextView()
			.getParentObservation()) {
			closeScopes(outer.getContextView());
		}
	}

	private static void closeScopes(Observation.ContextView context) {
		TracingContext tracing = context.get(TracingContext.class);
		if (tracing != null) {
			for (CurrentTraceContext.Scope scope = tracing.getScope(); scope != null; scope = tracing.getScope()) {
				scope.close();
			}
		}
	}

	@Override
	public void onEvent(Observation.Event event, Observation.Context context) {
		ApmTracingContext tracing = state(context);
		ApmSpan span = (tracing != null) ? tracing.describedSpan() : null;
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
		ApmTracingContext tracing = state(context);
		ApmSpan span = (tracing != null) ? tracing.ownSpan() : null;
		if (tracing != null && span != null) {
			tracing.translation().failed(context, span);
		}
	}

	@Override
	public void onStop(Observation.Context context) {
		ApmTracingContext tracing = state(context);
		ApmSpan span = (tracing != null) ? tracing.describedSpan() : null;
		if (tracing == null || span == null) {
			return;
		}
		if (tracing.role() == Role.OWNER) {
			tracing.translation().stopped(context, span);
			endSpan(context, span);
		}
		else {
			tracing.translation().enrich(context, span);
		}
	}

	private static @Nullable ApmTracingContext state(Observation.Context context) {
		TracingContext tracing = context.get(TracingContext.class);
		return (tracing instanceof ApmTracingContext own) ? own : null;
	}

	/** Copies a key value unless it only says that there is nothing to say. */
	static void tag(Span span, KeyValue keyValue) {
		if (!KeyValue.NONE_VALUE.equals(keyValue.getValue())) {
			span.tag(keyValue.getKey(), keyValue.getValue());
		}
	}

}
