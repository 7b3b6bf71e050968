package dev.apm4j.instrument.observation;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.jspecify.annotations.Nullable;

/**
 * The tracing state of an Observation, which may hold a span that somebody else opened
 * and will end, or none at all: the handler for meters demands the state, not the span.
 */
final class ApmTracingContext extends TracingObservationHandler.TracingContext {

	private final Role role;

	private final SpanTranslation translation;

	private final Thread creator = Thread.currentThread();

	/** Only the creator's thread comes here; the others share a map. */
	private CurrentTraceContext.@Nullable Scope creatorsScope;

	ApmTracingContext(Role role, SpanTranslation translation, @Nullable ApmSpan span) {
		this.role = role;
		this.translation = translation;
		if (span != null) {
			setSpan(span);
		}
	}

	static ApmTracingContext suppressed() {
		return new ApmTracingContext(Role.SUPPRESSED, GenericTranslation.INSTANCE, null);
	}

	static ApmTracingContext transparent(@Nullable ApmSpan outer) {
		return new ApmTracingContext(Role.TRANSPARENT, GenericTranslation.INSTANCE, outer);
	}

	@Override
	public CurrentTraceContext.@Nullable Scope getScope() {
		return (Thread.currentThread() == this.creator) ? this.creatorsScope : super.getScope();
	}

	@Override
	public void setScope(CurrentTraceContext.@Nullable Scope scope) {
		if (Thread.currentThread() == this.creator) {
			this.creatorsScope = scope;
		}
		else {
			super.setScope(scope);
		}
	}

	/** What the Observation is to its span. */
	Role role() {
		return this.role;
	}

	SpanTranslation translation() {
		return this.translation;
	}

	/** The span that was opened for this Observation and ends with it. */
	@Nullable ApmSpan ownSpan() {
		return (this.role == Role.OWNER) ? (ApmSpan) getSpan() : null;
	}

	/** The span that is about the same work as this Observation, whoever opened it. */
	@Nullable ApmSpan describedSpan() {
		return (this.role == Role.OWNER || this.role == Role.ADOPTER) ? (ApmSpan) getSpan() : null;
	}

	/** What an Observation is to the span that is current in its scopes. */
	enum Role {

		/** The span was opened for the Observation. */
		OWNER,

		/** The span of somebody else who does the same work. */
		ADOPTER,

		/** The span of the work around an Observation that is to be ignored. */
		TRANSPARENT,

		/** There is no span and there must be none inside. */
		SUPPRESSED

	}

}
