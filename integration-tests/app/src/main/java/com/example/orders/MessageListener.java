package com.example.orders;

import java.util.Map;

import dev.apm4j.annotation.EntryPoint;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

import org.springframework.stereotype.Component;

/**
 * Gets messages of a home-made protocol.
 */
@Component
class MessageListener {

	private final Tracer tracer;

	MessageListener(Tracer tracer) {
		this.tracer = tracer;
	}

	@EntryPoint("order message")
	public String onMessage(Map<String, String> headers, String body) {
		Span span = this.tracer.currentSpan();
		return (span != null) ? span.context().traceId() : "";
	}

}
