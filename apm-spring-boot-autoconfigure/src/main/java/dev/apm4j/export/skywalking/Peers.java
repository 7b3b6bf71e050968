package dev.apm4j.export.skywalking;

import dev.apm4j.trace.PeerAttributes;
import dev.apm4j.trace.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a span. For calls that carry headers it is to the letter what
 * {@code sw8} says, by which the server finds out who answered; calls to databases have
 * the default port filled in and always an address, since a virtual database is named by
 * it. An exit of which nothing is known has none: the server then draws nothing, instead
 * of one node for everything unknown.
 */
final class Peers {

	private static final String EMBEDDED = "localhost:-1";

	private final String prefix;

	Peers(@Nullable String cluster) {
		this.prefix = (cluster != null && !cluster.isEmpty()) ? cluster + "/" : "";
	}

	String of(SpanData span, Technology technology) {
		String peer = switch (technology) {
			case DATABASE -> database(span);
			case MESSAGING -> messaging(span);
			default -> PeerAttributes.peer(span);
		};
		return peer.isEmpty() ? "" : WireText.line(this.prefix + peer, WireText.MAX_PEER);
	}

	private static String database(SpanData span) {
		String system = Attributes.databaseSystem(span);
		DatabaseProduct product = DatabaseProduct.of((system != null) ? system : "");
		String host = Attributes.first(span, PeerAttributes.SERVER_ADDRESS, "net.peer.name");
		int port = port(span, PeerAttributes.SERVER_PORT, "net.peer.port");
		if (host == null) {
			host = Attributes.first(span, PeerAttributes.NETWORK_ADDRESS, "net.sock.peer.addr");
			port = port(span, PeerAttributes.NETWORK_PORT, "net.sock.peer.port");
		}
		if (host != null) {
			return hosts(host, (port > 0) ? port : product.port());
		}
		if (product.isEmbeddable()) {
			return EMBEDDED;
		}
		String service = Attributes.text(span, PeerAttributes.SERVICE);
		return (service != null) ? service : product.type();
	}

	private static int port(SpanData span, String key, String olderKey) {
		int port = Attributes.number(span.attribute(key));
		return (port > 0) ? port : Attributes.number(span.attribute(olderKey));
	}

	private static String hosts(String hosts, int port) {
		if (hosts.indexOf(',') < 0) {
			return address(hosts, port);
		}
		StringBuilder all = new StringBuilder();
		for (String host : hosts.split(",")) {
			if (!host.isBlank()) {
				all.append(all.isEmpty() ? "" : ",").append(address(host.strip(), port));
			}
		}
		return all.toString();
	}

	private static String address(String host, int port) {
		int colon = host.indexOf(':');
		boolean bracketed = host.startsWith("[");
		boolean bareIpv6 = !bracketed && colon >= 0 && host.indexOf(':', colon + 1) >= 0;
		boolean hasPort = bracketed ? host.contains("]:") : colon >= 0 && !bareIpv6;
		if (hasPort || port <= 0) {
			return host;
		}
		return (bareIpv6 ? "[" + host + "]" : host) + ":" + port;
	}

	/** A broker without an address is still told from another kind of broker. */
	private static String messaging(SpanData span) {
		String peer = PeerAttributes.peer(span);
		if (!peer.isEmpty()) {
			return peer;
		}
		String system = Technology.messagingSystem(span);
		return (system != null) ? system : "";
	}

}
