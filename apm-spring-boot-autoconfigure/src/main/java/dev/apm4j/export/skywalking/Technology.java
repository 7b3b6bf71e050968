package dev.apm4j.export.skywalking;

import java.util.Locale;

import dev.apm4j.trace.PeerAttributes;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * What a span is about, which decides on its layer, component, name and tags.
 */
enum Technology {

	HTTP, DATABASE, MESSAGING, RPC, JOB, METHOD, OTHER;

	static Technology of(SpanData span) {
		Span.Kind kind = span.kind();
		if (kind == Span.Kind.CLIENT && Attributes.databaseSystem(span) != null) {
			return DATABASE;
		}
		if (span.attribute(Attributes.JOB_TYPE) != null) {
			return JOB;
		}
		if (messagingSystem(span) != null) {
			return MESSAGING;
		}
		if (span.attribute(Attributes.RPC_SYSTEM) != null || span.attribute(Attributes.GRPC_STATUS) != null) {
			return RPC;
		}
		if (kind != null && (span.attribute(Attributes.HTTP_METHOD) != null
				|| span.attribute(Attributes.URL_FULL) != null || span.attribute(Attributes.HTTP_STATUS) != null)) {
			return HTTP;
		}
		return (span.attribute(Attributes.FUNCTION) != null) ? METHOD : OTHER;
	}

	/**
	 * The messaging system of an entry or exit. Spring AMQP names it only as the remote
	 * service.
	 */
	static @Nullable String messagingSystem(SpanData span) {
		if (span.kind() == null) {
			return null;
		}
		String system = Attributes.text(span, Attributes.MESSAGING_SYSTEM);
		if (system != null) {
			return system.toLowerCase(Locale.ROOT);
		}
		if (span.kind() != Span.Kind.PRODUCER && span.kind() != Span.Kind.CONSUMER) {
			return null;
		}
		String service = Attributes.text(span, PeerAttributes.SERVICE);
		if (service == null) {
			return null;
		}
		String name = service.toLowerCase(Locale.ROOT);
		return name.contains("kafka") ? "kafka" : name.contains("rabbitmq") ? "rabbitmq" : null;
	}

}
