package dev.apm4j.trace;

/**
 * The attributes that say who is at the other end of an exit span (OpenTelemetry semantic
 * conventions, "General attributes").
 */
public final class PeerAttributes {

	/** Logical name of the remote service. */
	public static final String SERVICE = "peer.service";

	/** Host name or address that the application used. */
	public static final String SERVER_ADDRESS = "server.address";

	/** Port that the application used. */
	public static final String SERVER_PORT = "server.port";

	/** Address of the socket's other end. */
	public static final String NETWORK_ADDRESS = "network.peer.address";

	/** Port of the socket's other end. */
	public static final String NETWORK_PORT = "network.peer.port";

	private PeerAttributes() {
	}

	/**
	 * The other end of a span, as headers name it.
	 * @param span the span
	 * @return {@code host:port}, a host or the name of a service; empty if unknown
	 */
	public static String peer(SpanData span) {
		Object host = span.attribute(SERVER_ADDRESS);
		Object port = span.attribute(SERVER_PORT);
		if (host == null) {
			host = span.attribute(NETWORK_ADDRESS);
			port = span.attribute(NETWORK_PORT);
		}
		if (host == null) {
			Object service = span.attribute(SERVICE);
			return (service != null) ? service.toString() : "";
		}
		return (port != null) ? host + ":" + port : host.toString();
	}

}
