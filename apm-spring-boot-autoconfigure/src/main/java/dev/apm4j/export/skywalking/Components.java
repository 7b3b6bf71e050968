package dev.apm4j.export.skywalking;

import dev.apm4j.skywalking.proto.SpanLayer;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * Layers, and the numbers that the server's {@code component-libraries.yml} gives to
 * libraries.
 */
final class Components {

	private static final int UNKNOWN = 0;

	private static final int TOMCAT = 1;

	private static final int REST_TEMPLATE = 13;

	private static final int SPRING_MVC = 14;

	private static final int GRPC = 23;

	private static final int ROCKET_PRODUCER = 38;

	private static final int ROCKET_CONSUMER = 39;

	private static final int KAFKA_PRODUCER = 40;

	private static final int KAFKA_CONSUMER = 41;

	private static final int ACTIVE_PRODUCER = 45;

	private static final int ACTIVE_CONSUMER = 46;

	private static final int RABBIT_PRODUCER = 52;

	private static final int RABBIT_CONSUMER = 53;

	private static final int JDK_HTTP = 66;

	private static final int WEB_FLUX = 67;

	private static final int PULSAR_PRODUCER = 73;

	private static final int PULSAR_CONSUMER = 74;

	private static final int ANNOTATION = 93;

	private static final int SCHEDULED = 96;

	private static final int WEB_CLIENT = 99;

	private static final int MICROMETER = 141;

	private Components() {
	}

	static SpanLayer layer(SpanData span, Technology technology) {
		return switch (technology) {
			case HTTP -> SpanLayer.Http;
			case DATABASE -> isCache(span) ? SpanLayer.Cache : SpanLayer.Database;
			case MESSAGING -> SpanLayer.MQ;
			case RPC -> (span.kind() != null) ? SpanLayer.RPCFramework : SpanLayer.Unknown;
			case JOB, METHOD, OTHER -> SpanLayer.Unknown;
		};
	}

	static boolean isCache(SpanData span) {
		String system = Attributes.databaseSystem(span);
		return system != null && DatabaseProduct.of(system).access() == DatabaseProduct.Access.CACHE;
	}

	static int of(SpanData span, Technology technology) {
		return switch (technology) {
			case HTTP -> (span.kind() == Span.Kind.CLIENT) ? httpClient(span) : httpServer(span);
			case DATABASE -> database(span);
			case MESSAGING -> messaging(Technology.messagingSystem(span),
					span.kind() == Span.Kind.PRODUCER || span.kind() == Span.Kind.CLIENT);
			case RPC -> GRPC;
			case JOB -> "scheduled".equals(span.attribute(Attributes.JOB_TYPE)) ? SCHEDULED : ANNOTATION;
			case METHOD -> ANNOTATION;
			case OTHER -> (Attributes.databaseSystem(span) != null) ? database(span) : MICROMETER;
		};
	}

	private static int httpClient(SpanData span) {
		String client = Attributes.text(span, Attributes.HTTP_CLIENT);
		return (client == null) ? REST_TEMPLATE : switch (client) {
			case "web-client" -> WEB_CLIENT;
			case "rest-client" -> JDK_HTTP;
			default -> REST_TEMPLATE;
		};
	}

	/** Only the servlet filter records the scheme. */
	private static int httpServer(SpanData span) {
		boolean servlet = span.attribute(Attributes.URL_SCHEME) != null;
		if (!servlet) {
			return WEB_FLUX;
		}
		return (span.attribute(Attributes.HTTP_ROUTE) != null) ? SPRING_MVC : TOMCAT;
	}

	private static int database(SpanData span) {
		String system = Attributes.databaseSystem(span);
		return (system != null) ? DatabaseProduct.of(system).component() : UNKNOWN;
	}

	private static int messaging(@Nullable String system, boolean producer) {
		return (system == null) ? UNKNOWN : switch (system) {
			case "kafka" -> producer ? KAFKA_PRODUCER : KAFKA_CONSUMER;
			case "rabbitmq" -> producer ? RABBIT_PRODUCER : RABBIT_CONSUMER;
			case "rocketmq" -> producer ? ROCKET_PRODUCER : ROCKET_CONSUMER;
			case "activemq", "jms" -> producer ? ACTIVE_PRODUCER : ACTIVE_CONSUMER;
			case "pulsar" -> producer ? PULSAR_PRODUCER : PULSAR_CONSUMER;
			default -> MICROMETER;
		};
	}

}
