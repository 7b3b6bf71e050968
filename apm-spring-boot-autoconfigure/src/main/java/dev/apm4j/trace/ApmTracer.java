package dev.apm4j.trace;

import java.util.List;
import java.util.Map;

import io.micrometer.tracing.Baggage;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.ScopedSpan;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.SpanCustomizer;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Tracer} of the application. Thread-safe; no method blocks or throws, so that
 * tracing can never be the reason for a request to fail.
 */
public final class ApmTracer implements Tracer {

	private final CurrentSpans currentSpans;

	private final ApmCurrentTraceContext currentTraceContext;

	private final CurrentSpanCustomizer currentSpanCustomizer;

	private final Sampler sampler;

	private final SpanLimits limits;

	private final SegmentSink sink;

	private final List<String> baggageFields;

	private final String[] baggageTags;

	private final EpochClock clock = new EpochClock();

	private final ApmSpan suppression;

	private volatile boolean paused;

	ApmTracer(ApmTracerBuilder builder) {
		this.currentSpans = new CurrentSpans(builder.listeners.toArray(ScopeListener[]::new));
		this.sampler = new Sampler(builder.sampling);
		this.limits = builder.limits;
		this.sink = builder.sink;
		this.baggageFields = List.copyOf(builder.baggageFields);
		this.baggageTags = builder.baggageTags.toArray(String[]::new);
		this.currentTraceContext = new ApmCurrentTraceContext(this);
		this.currentSpanCustomizer = new CurrentSpanCustomizer(this);
		this.suppression = new ApmSpan(this, TraceIds.random())
			.standInFor(PropagatedContext.builder().sampled(Boolean.FALSE).build());
	}

	/**
	 * A builder of a tracer that samples everything and drops what ends.
	 * @return a new builder
	 */
	public static ApmTracerBuilder builder() {
		return new ApmTracerBuilder();
	}

	EpochClock clock() {
		return this.clock;
	}

	Sampler sampler() {
		return this.sampler;
	}

	SpanLimits limits() {
		return this.limits;
	}

	SegmentSink sink() {
		return this.sink;
	}

	/** Names of baggage that becomes attributes of every root span. */
	String[] baggageTags() {
		return this.baggageTags;
	}

	CurrentSpans currentSpans() {
		return this.currentSpans;
	}

	/**
	 * The sampling policy in force.
	 * @return the policy
	 */
	public SamplingPolicy samplingPolicy() {
		return this.sampler.policy();
	}

	/**
	 * Changes the sampling policy for the traces that start from now on.
	 * @param policy the policy
	 */
	public void setSamplingPolicy(SamplingPolicy policy) {
		this.sampler.policy(policy);
	}

	/**
	 * Stops recording: spans that start from now on have ids and pass their caller's
	 * context on, but nothing is recorded or counted.
	 */
	public void pause() {
		this.paused = true;
	}

	/**
	 * Records again after {@link #pause()}.
	 */
	public void resume() {
		this.paused = false;
	}

	/**
	 * Whether recording is paused.
	 * @return whether {@link #pause()} is in force
	 */
	public boolean isPaused() {
		return this.paused;
	}

	/**
	 * Makes sure that nothing on this thread is traced or propagated until the scope is
	 * closed: for requests that the user ignores, and for exporters' own calls.
	 * @return the scope
	 */
	public SpanInScope suppress() {
		return this.currentSpans.open(this.suppression, BaggageItems.EMPTY);
	}

	/**
	 * Whether this thread is inside {@link #suppress()}.
	 * @return whether tracing is suppressed here
	 */
	public boolean isSuppressed() {
		ApmSpan span = this.currentSpans.span();
		return span != null && isSuppression(span);
	}

	boolean isSuppression(TraceContext context) {
		return context instanceof ApmSpan span && span.segment() == this.suppression.segment();
	}

	@Override
	public ApmSpan nextSpan() {
		ApmScope scope = this.currentSpans.scope();
		ApmSpan current = (scope != null) ? scope.span() : null;
		if (current == this.suppression) {
			return current;
		}
		ApmSpan span = new ApmSpan(this, TraceIds.random());
		if (current != null) {
			return span.childOf(current);
		}
		return root(span, scope);
	}

	@Override
	public ApmSpan nextSpan(@Nullable Span parent) {
		if (parent == null) {
			return nextSpan();
		}
		ApmSpan span = new ApmSpan(this, TraceIds.random());
		attach(span, parent.context());
		return span;
	}

	/**
	 * Creates a span like {@link #nextSpan()}, with the name, kind and attributes of a
	 * template.
	 * @param template what the span has in common with others
	 * @return the span, not yet started
	 */
	public ApmSpan nextSpan(SpanTemplate template) {
		ApmSpan span = nextSpan();
		if (span != this.suppression) {
			span.useTemplate(template);
		}
		return span;
	}

	/**
	 * Starts a segment of its own that refers to a span, for work that runs on its own
	 * account: a message, a job, fire-and-forget work on another thread.
	 * @param cause the span that causes the work, in this process or another, or
	 * {@code null} to start a trace
	 * @return the root of the segment, not yet started
	 */
	public ApmSpan nextSegment(@Nullable TraceContext cause) {
		if (isSuppressed() || (cause != null && isSuppression(cause))) {
			return this.suppression;
		}
		ApmSpan span = new ApmSpan(this, TraceIds.random());
		if (cause instanceof ApmSpan local) {
			return span.rootOf(local.toPropagatedContext());
		}
		return span.rootOf((cause != null) ? toPropagated(cause) : null);
	}

	@Override
	public ApmSpanBuilder spanBuilder() {
		return new ApmSpanBuilder(this);
	}

	void attachToCurrent(ApmSpan span) {
		ApmScope scope = this.currentSpans.scope();
		ApmSpan current = (scope != null) ? scope.span() : null;
		if (current != null) {
			span.childOf(current);
		}
		else {
			root(span, scope);
		}
	}

	private ApmSpan root(ApmSpan span, @Nullable ApmScope scope) {
		span.rootOf(null);
		if (scope != null && !scope.baggage().isEmpty()) {
			span.baggageItems(scope.baggage());
		}
		return span;
	}

	void attach(ApmSpan span, @Nullable TraceContext parent) {
		if (parent instanceof ApmSpan local) {
			span.childOf(local);
			return;
		}
		PropagatedContext context = (parent != null) ? toPropagated(parent) : null;
		ApmSpan current = this.currentSpans.span();
		if (current != null && (isSuppression(current) || context == null || !context.hasTrace())) {
			span.childOf(current);
		}
		else {
			span.rootOf(context);
		}
	}

	private static PropagatedContext toPropagated(TraceContext context) {
		if (context instanceof PropagatedContext propagated) {
			return propagated;
		}
		return PropagatedContext.builder()
			.traceId(context.traceId())
			.spanId(context.spanId())
			.parentId(context.parentId())
			.sampled(context.sampled())
			.build();
	}

	@Override
	public SpanInScope withSpan(@Nullable Span span) {
		if (span == null || span instanceof ApmSpan) {
			return this.currentSpans.open((ApmSpan) span, BaggageItems.EMPTY);
		}
		return this.currentSpans.open(spanOf(span.context()), BaggageItems.EMPTY);
	}

	/**
	 * A span that can be made current, have children and be propagated, for any context.
	 * @param context a context of this tracer, or of anyone else
	 * @return the span itself or a stand-in that records nothing; {@code null} if the
	 * context has no trace id or no span id
	 */
	public @Nullable ApmSpan spanOf(@Nullable TraceContext context) {
		if (context == null || context instanceof ApmSpan) {
			return (ApmSpan) context;
		}
		PropagatedContext propagated = toPropagated(context);
		if (!propagated.hasTrace() || propagated.spanIdNumber() == 0) {
			return null;
		}
		return new ApmSpan(this, propagated.spanIdNumber()).standInFor(propagated);
	}

	@Override
	public ScopedSpan startScopedSpan(String name) {
		ApmSpan span = nextSpan().name(name).start();
		return new ApmScopedSpan(span, withSpan(span));
	}

	@Override
	public PropagatedContextBuilder traceContextBuilder() {
		return PropagatedContext.builder();
	}

	@Override
	public CurrentTraceContext currentTraceContext() {
		return this.currentTraceContext;
	}

	@Override
	public SpanCustomizer currentSpanCustomizer() {
		return this.currentSpanCustomizer;
	}

	@Override
	public @Nullable ApmSpan currentSpan() {
		ApmSpan span = this.currentSpans.span();
		return (span == null || isSuppression(span)) ? null : span;
	}

	/**
	 * The baggage of a span.
	 * @param context the span's context, or {@code null} for what is current
	 * @return the baggage
	 */
	public BaggageItems baggage(@Nullable TraceContext context) {
		if (context instanceof ApmSpan span) {
			return span.baggageItems();
		}
		if (context instanceof PropagatedContext propagated) {
			return propagated.baggage();
		}
		ApmScope scope = (context == null) ? this.currentSpans.scope() : null;
		return (scope != null) ? scope.baggage() : BaggageItems.EMPTY;
	}

	@Override
	public Map<String, String> getAllBaggage() {
		return baggage(null).asMap();
	}

	@Override
	public Map<String, String> getAllBaggage(@Nullable TraceContext traceContext) {
		return baggage(traceContext).asMap();
	}

	@Override
	public Baggage getBaggage(String name) {
		return new ApmBaggage(this, name);
	}

	@Override
	public Baggage getBaggage(TraceContext traceContext, String name) {
		return new ApmBaggage(this, name, traceContext);
	}

	@Override
	@Deprecated
	@SuppressWarnings("deprecation")
	public Baggage createBaggage(String name) {
		return new ApmBaggage(this, name);
	}

	@Override
	@Deprecated
	@SuppressWarnings("deprecation")
	public Baggage createBaggage(String name, String value) {
		return new ApmBaggage(this, name).set(value);
	}

	@Override
	public BaggageInScope createBaggageInScope(String name, String value) {
		return new ApmBaggage(this, name).makeCurrent(value);
	}

	@Override
	public BaggageInScope createBaggageInScope(TraceContext traceContext, String name, String value) {
		return new ApmBaggage(this, name).makeCurrent(traceContext, value);
	}

	/**
	 * The names of baggage that also travel in headers of their own.
	 */
	@Override
	public List<String> getBaggageFields() {
		return this.baggageFields;
	}

}
