package dev.apm4j.export.skywalking;

import java.util.Locale;

import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * Names spans as SkyWalking's Java agent does. An entry's name is its endpoint, which
 * travels in {@code sw8} to the services it calls; both must be the same. Needs nothing
 * of the protocol's library. No method throws.
 */
public final class OperationNames {

	private static final String UNKNOWN = "unknown";

	private OperationNames() {
	}

	/**
	 * The operation name of a span, as far as it is known by now: the route of a request
	 * is known only when a handler was found.
	 * @param span the span, perhaps still open
	 * @return the name as it is sent, not empty
	 */
	public static String of(SpanData span) {
		return WireText.name(of(span, Technology.of(span)), WireText.MAX_OPERATION);
	}

	static String of(SpanData span, Technology technology) {
		String name = switch (technology) {
			case HTTP -> http(span);
			case DATABASE -> database(span);
			case MESSAGING -> messaging(span);
			case RPC -> rpc(span);
			case JOB -> job(span);
			case METHOD, OTHER -> span.name();
		};
		return name.isBlank() ? UNKNOWN : name;
	}

	private static String http(SpanData span) {
		String name = span.name();
		if (span.kind() == Span.Kind.CLIENT) {
			return clientPath(span, name);
		}
		String route = Attributes.text(span, Attributes.HTTP_ROUTE);
		int space = name.indexOf(' ');
		if (route == null || (space >= 0 && !name.startsWith(route, space + 1))) {
			return name;
		}
		// A name that the user has given stays.
		return (space > 0) ? name.substring(0, space) + ":" + route : isMethod(span, name) ? name + ":" + route : name;
	}

	private static boolean isMethod(SpanData span, String name) {
		return name.equals("HTTP") || name.equals(span.attribute(Attributes.HTTP_METHOD));
	}

	private static String clientPath(SpanData span, String name) {
		String template = Attributes.text(span, Attributes.URL_TEMPLATE);
		if (template != null) {
			return template;
		}
		String url = Attributes.text(span, Attributes.URL_FULL);
		return (url != null) ? pathOf(url) : name;
	}

	private static String pathOf(String url) {
		int scheme = url.indexOf("://");
		int start = (scheme >= 0) ? url.indexOf('/', scheme + 3) : 0;
		int query = url.indexOf('?');
		int end = (query >= 0) ? query : url.length();
		return (start < 0 || start >= end) ? "/" : url.substring(start, end);
	}

	private static String database(SpanData span) {
		String system = Attributes.databaseSystem(span);
		if (system == null) {
			return span.name();
		}
		DatabaseProduct product = DatabaseProduct.of(system);
		String operation = Attributes.databaseOperation(span);
		return switch (product.access()) {
			case JDBC -> jdbc(product.type(), span.name(), operation);
			case CACHE -> (product.type().equals("Redis") ? "Lettuce/" : product.type() + "/")
					+ ((operation != null) ? operation.toUpperCase(Locale.ROOT) : span.name());
			case OTHER -> product.type() + "/" + ((operation != null) ? operation : span.name());
		};
	}

	/**
	 * The agent tells which method of JDBC was called, which is not recorded here; what
	 * the statement does says more.
	 */
	private static String jdbc(String type, String name, @Nullable String operation) {
		if (operation != null) {
			if (operation.equalsIgnoreCase("COMMIT") || operation.equalsIgnoreCase("ROLLBACK")) {
				return type + "/JDBC/Connection/" + operation.toLowerCase(Locale.ROOT);
			}
			if (name.isBlank()) {
				return type + "/JDBC/" + operation;
			}
		}
		return type + "/JDBC/" + (name.isBlank() ? "execute" : name);
	}

	private static String messaging(SpanData span) {
		boolean producer = span.kind() == Span.Kind.PRODUCER || span.kind() == Span.Kind.CLIENT;
		String system = Technology.messagingSystem(span);
		String destination = Attributes.destination(span);
		if (system == null || destination == null) {
			return span.name();
		}
		if (system.equals("kafka")) {
			String group = Attributes.first(span, "messaging.consumer.group.name", "messaging.kafka.consumer.group");
			return "Kafka/" + destination + (producer ? "/Producer" : "/Consumer")
					+ ((producer || group == null) ? "" : "/" + group);
		}
		if (system.equals("rabbitmq")) {
			String key = Attributes.text(span, Attributes.RABBIT_ROUTING_KEY);
			return "RabbitMQ/Topic/" + (producer ? destination : "") + "Queue/"
					+ (producer ? (key != null) ? key : "" : destination) + (producer ? "/Producer" : "/Consumer");
		}
		return system + "/" + destination + (producer ? "/Producer" : "/Consumer");
	}

	private static String rpc(SpanData span) {
		String service = Attributes.text(span, Attributes.RPC_SERVICE);
		String method = Attributes.text(span, Attributes.RPC_METHOD);
		if (service != null && method != null) {
			return service + "." + method;
		}
		return span.name().replace('/', '.');
	}

	private static String job(SpanData span) {
		String name = span.name();
		String function = Attributes.text(span, Attributes.FUNCTION);
		return switch (String.valueOf(span.attribute(Attributes.JOB_TYPE))) {
			// Otherwise the user has given another name than class and method.
			case "scheduled" ->
				(function != null && function.endsWith("." + name)) ? "SpringScheduled/" + function : name;
			// A runner's name is its bean's, which says less than its class if it is made
			// of that.
			case "runner" -> "SpringRunner/" + ((function != null && isBeanOf(function, name)) ? function : name);
			default -> name;
		};
	}

	/** Whether Spring makes a bean's name of the class that a method belongs to. */
	private static boolean isBeanOf(String function, String beanName) {
		int end = function.lastIndexOf('.');
		int start = end - beanName.length();
		return !beanName.isBlank() && start >= 0 && (start == 0 || function.charAt(start - 1) == '.')
				&& function.regionMatches(true, start, beanName, 0, beanName.length());
	}

}
