package dev.apm4j.trace;

import io.micrometer.tracing.SpanCustomizer;

/**
 * Changes whatever span is current at the time of the call; does nothing without one.
 */
final class CurrentSpanCustomizer implements SpanCustomizer {

	private final ApmTracer tracer;

	CurrentSpanCustomizer(ApmTracer tracer) {
		this.tracer = tracer;
	}

	@Override
	public SpanCustomizer name(String name) {
		ApmSpan span = this.tracer.currentSpan();
		if (span != null) {
			span.name(name);
		}
		return this;
	}

	@Override
	public SpanCustomizer tag(String key, String value) {
		ApmSpan span = this.tracer.currentSpan();
		if (span != null) {
			span.tag(key, value);
		}
		return this;
	}

	@Override
	public SpanCustomizer event(String value) {
		ApmSpan span = this.tracer.currentSpan();
		if (span != null) {
			span.event(value);
		}
		return this;
	}

}
