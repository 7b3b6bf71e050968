package dev.apm4j.instrument.batch;

import java.util.function.Supplier;

import dev.apm4j.instrument.TracedMethod;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.support.ScheduledTaskObservationContext;

/**
 * Opens the segment of a scheduled run, unless a handler before it has opened a span for
 * the same Observation: that one is described as a job and left to its owner.
 * <p>
 * No failure in here reaches the job.
 */
final class ScheduledJobHandler implements TracingObservationHandler<ScheduledTaskObservationContext> {

	private static final Logger LOGGER = LoggerFactory.getLogger(ScheduledJobHandler.class);

	private static final String TYPE = "scheduled";

	private final Supplier<ApmTracer> supplier;

	private volatile @Nullable ApmTracer tracer;

	private volatile boolean closed;

	ScheduledJobHandler(Supplier<ApmTracer> tracer) {
		this.supplier = tracer;
	}

	void close() {
		this.closed = true;
		this.tracer = null;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof ScheduledTaskObservationContext && !this.closed;
	}

	@Override
	public Tracer getTracer() {
		ApmTracer resolved = this.tracer;
		if (resolved == null) {
			resolved = this.supplier.get();
			this.tracer = resolved;
		}
		return resolved;
	}

	@Override
	public void onStart(ScheduledTaskObservationContext context) {
		try {
			TracedMethod method = TracedMethod.of(context.getMethod(), context.getTargetClass());
			TracingContext others = context.get(TracingContext.class);
			if (others != null) {
				if (others.getSpan() instanceof ApmSpan span && span.isRoot()) {
					span.name(method.name()).tag(TracedMethod.FUNCTION, method.function());
					JobSpans.describe(span, TYPE);
				}
				return;
			}
			ApmTracer opening = (ApmTracer) getTracer();
			if (!opening.isSuppressed()) {
				OwnTracingContext own = new OwnTracingContext();
				own.setSpan(JobSpans.open(opening, method, TYPE, null));
				// Under this key the meter handlers look for the span of their exemplars.
				context.put(TracingContext.class, own);
			}
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	@Override
	public void onScopeOpened(ScheduledTaskObservationContext context) {
		if (isOwn(context)) {
			try {
				TracingObservationHandler.super.onScopeOpened(context);
			}
			catch (RuntimeException ex) {
				failed(ex);
			}
		}
	}

	@Override
	public void onScopeClosed(ScheduledTaskObservationContext context) {
		if (isOwn(context)) {
			try {
				TracingObservationHandler.super.onScopeClosed(context);
			}
			catch (RuntimeException ex) {
				failed(ex);
			}
		}
	}

	@Override
	public void onScopeReset(ScheduledTaskObservationContext context) {
		if (isOwn(context)) {
			try {
				TracingObservationHandler.super.onScopeReset(context);
			}
			catch (RuntimeException ex) {
				failed(ex);
			}
		}
	}

	@Override
	public void onEvent(Observation.Event event, ScheduledTaskObservationContext context) {
		if (isOwn(context)) {
			TracingObservationHandler.super.onEvent(event, context);
		}
	}

	@Override
	public void onError(ScheduledTaskObservationContext context) {
		Throwable error = context.getError();
		if (isOwn(context) && error != null) {
			span(context).error(error);
		}
	}

	@Override
	public void onStop(ScheduledTaskObservationContext context) {
		TracingContext tracing = context.get(TracingContext.class);
		if (tracing != null && tracing.getSpan() instanceof ApmSpan span && (isOwn(context) || span.isRoot())) {
			JobSpans.ended(span, context.getError());
			if (isOwn(context)) {
				span.end();
			}
		}
	}

	private static boolean isOwn(Observation.Context context) {
		return context.get(TracingContext.class) instanceof OwnTracingContext;
	}

	private static ApmSpan span(Observation.Context context) {
		return (ApmSpan) context.<TracingContext>getRequired(TracingContext.class).getSpan();
	}

	private static void failed(RuntimeException failure) {
		LOGGER.debug("A scheduled run could not be traced", failure);
	}

	/** Tells the handler's own spans from those it found. */
	private static final class OwnTracingContext extends TracingContext {

	}

}
