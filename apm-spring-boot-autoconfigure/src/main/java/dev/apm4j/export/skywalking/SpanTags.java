package dev.apm4j.export.skywalking;

import java.util.List;
import java.util.Locale;

import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.PeerAttributes;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * Writes the attributes of a span as tags: first those that SkyWalking knows, under its
 * own keys, then all that have no other place, as they are. Not thread-safe.
 */
final class SpanTags {

	/** The server parses this one as JSON and loses the segment if it is not. */
	static final String LOGIC_ENDPOINT = "x-le";

	private static final String LOGIC_SPAN = "{\"logic-span\":true}";

	private static final int MAX_TAGS = 128;

	private static final int MAX_KEY = 128;

	private static final int MAX_VALUE = 1024;

	private static final int MAX_STATEMENT = 2048;

	private static final int MAX_PARAMETERS = 512;

	private final KeyStringValuePair.Builder pair = KeyStringValuePair.newBuilder();

	/** The span makes an endpoint although it is no entry. */
	void logicEndpoint(SpanObject.Builder target) {
		add(target, LOGIC_ENDPOINT, LOGIC_SPAN, MAX_VALUE);
	}

	void latency(SpanObject.Builder target, long millis) {
		add(target, "transmission.latency", Long.toString(millis), MAX_VALUE);
	}

	void addAll(SpanData span, Technology technology, SpanObject.Builder target) {
		switch (technology) {
			case HTTP -> http(span, target);
			case DATABASE -> database(span, target);
			case MESSAGING -> messaging(span, target);
			case RPC -> add(target, "rpc.status_code", Attributes.text(span, Attributes.GRPC_STATUS), MAX_VALUE);
			case JOB, METHOD, OTHER -> {
			}
		}
		span.forEachAttribute((key, value) -> {
			if (!isTranslated(key, technology)) {
				addOther(target, key, value);
			}
		});
	}

	private void http(SpanData span, SpanObject.Builder target) {
		add(target, "url", (span.kind() == Span.Kind.CLIENT) ? Attributes.text(span, Attributes.URL_FULL) : url(span),
				MAX_VALUE);
		add(target, "http.method", Attributes.first(span, Attributes.HTTP_METHOD_ORIGINAL, Attributes.HTTP_METHOD),
				MAX_VALUE);
		int status = Attributes.httpStatus(span);
		if (status > 0) {
			add(target, "http.status_code", Integer.toString(status), MAX_VALUE);
		}
		add(target, "http.params", Attributes.text(span, Attributes.URL_QUERY), MAX_VALUE);
	}

	private static @Nullable String url(SpanData span) {
		String path = Attributes.text(span, Attributes.URL_PATH);
		String host = Attributes.text(span, PeerAttributes.SERVER_ADDRESS);
		if (path == null || host == null) {
			return path;
		}
		String scheme = Attributes.text(span, Attributes.URL_SCHEME);
		int port = Attributes.number(span.attribute(PeerAttributes.SERVER_PORT));
		return ((scheme != null) ? scheme + "://" : "//") + host + ((port > 0) ? ":" + port : "") + path;
	}

	private void database(SpanData span, SpanObject.Builder target) {
		String system = Attributes.databaseSystem(span);
		DatabaseProduct product = DatabaseProduct.of((system != null) ? system : "");
		String operation = Attributes.databaseOperation(span);
		if (product.access() == DatabaseProduct.Access.CACHE) {
			add(target, "cache.type", product.type(), MAX_VALUE);
			if (operation != null) {
				add(target, "cache.cmd", operation.toUpperCase(Locale.ROOT), MAX_VALUE);
				add(target, "cache.op", DatabaseProduct.cacheOperation(operation), MAX_VALUE);
			}
			return;
		}
		add(target, "db.type", product.type(), MAX_VALUE);
		add(target, "db.instance", Attributes.databaseNamespace(span), MAX_VALUE);
		add(target, "db.statement", Attributes.statement(span), MAX_STATEMENT);
		StringBuilder parameters = new StringBuilder();
		span.forEachAttribute((key, value) -> {
			if (key.startsWith(DatabaseAttributes.QUERY_PARAMETER) && parameters.length() < MAX_PARAMETERS) {
				parameters.append(parameters.isEmpty() ? '[' : ',').append(value);
			}
		});
		if (!parameters.isEmpty()) {
			add(target, "db.sql.parameters", parameters.append(']').toString(), MAX_PARAMETERS);
		}
	}

	private void messaging(SpanData span, SpanObject.Builder target) {
		String destination = Attributes.destination(span);
		boolean rabbit = "rabbitmq".equals(Technology.messagingSystem(span));
		boolean consumer = span.kind() == Span.Kind.CONSUMER || span.kind() == Span.Kind.SERVER;
		String broker = PeerAttributes.peer(span);
		add(target, "mq.broker", broker.isEmpty() ? null : broker, MAX_VALUE);
		if (rabbit && consumer) {
			add(target, "mq.queue", destination, MAX_VALUE);
			return;
		}
		add(target, "mq.topic", destination, MAX_VALUE);
		if (rabbit) {
			add(target, "mq.queue", Attributes.text(span, Attributes.RABBIT_ROUTING_KEY), MAX_VALUE);
		}
	}

	/** Whether an attribute is said elsewhere, or may not be said by it. */
	private static boolean isTranslated(String key, Technology technology) {
		return switch (key) {
			case LOGIC_ENDPOINT -> true;
			case PeerAttributes.NETWORK_ADDRESS, PeerAttributes.NETWORK_PORT, PeerAttributes.SERVER_ADDRESS,
					PeerAttributes.SERVER_PORT ->
				technology != Technology.OTHER && technology != Technology.METHOD;
			case "url", "http.method", "http.status_code", "http.params", Attributes.HTTP_METHOD,
					Attributes.HTTP_METHOD_ORIGINAL, Attributes.HTTP_STATUS, Attributes.HTTP_ROUTE, Attributes.URL_FULL,
					Attributes.URL_TEMPLATE, Attributes.URL_PATH, Attributes.URL_SCHEME, Attributes.URL_QUERY,
					Attributes.HTTP_CLIENT ->
				technology == Technology.HTTP;
			case DatabaseAttributes.SYSTEM, "db.system", DatabaseAttributes.NAMESPACE, "db.name",
					DatabaseAttributes.QUERY_TEXT, "db.statement", "db.type", "db.instance", "db.sql.parameters",
					"cache.type", "cache.cmd", "cache.op", "net.peer.name", "net.peer.port", "net.sock.peer.addr",
					"net.sock.peer.port" ->
				technology == Technology.DATABASE;
			case Attributes.MESSAGING_SYSTEM, Attributes.DESTINATION, Attributes.SOURCE, Attributes.RABBIT_ROUTING_KEY,
					"mq.broker", "mq.topic", "mq.queue" ->
				technology == Technology.MESSAGING;
			case Attributes.RPC_SYSTEM, Attributes.RPC_SERVICE, Attributes.RPC_METHOD, Attributes.GRPC_STATUS,
					"rpc.status_code" ->
				technology == Technology.RPC;
			default -> technology == Technology.DATABASE && key.startsWith(DatabaseAttributes.QUERY_PARAMETER);
		};
	}

	private void addOther(SpanObject.Builder target, String key, Object value) {
		if (value instanceof List<?> list) {
			StringBuilder joined = new StringBuilder();
			for (Object element : list) {
				if (joined.length() > MAX_VALUE) {
					break;
				}
				joined.append(joined.isEmpty() ? "" : ",").append(element);
			}
			add(target, key, joined.toString(), MAX_VALUE);
			return;
		}
		add(target, key, value.toString(), MAX_VALUE);
	}

	private void add(SpanObject.Builder target, String key, @Nullable String value, int maxLength) {
		if (value != null && !key.isBlank() && target.getTagsCount() < MAX_TAGS) {
			target.addTags(this.pair.setKey(WireText.line(key, MAX_KEY)).setValue(WireText.text(value, maxLength)));
		}
	}

}
