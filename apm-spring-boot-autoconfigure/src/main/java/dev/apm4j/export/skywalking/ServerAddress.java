package dev.apm4j.export.skywalking;

/**
 * Where a SkyWalking server is. Immutable.
 *
 * @param host name or address, IPv6 without brackets
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {

	/** Where a SkyWalking server takes gRPC. */
	public static final int GRPC_PORT = 11800;

	/** Where a SkyWalking server takes HTTP. */
	public static final int HTTP_PORT = 12800;

	/**
	 * Reads an address.
	 * @param text {@code host:port}, {@code host}, {@code [2001:db8::1]:port}
	 * @param defaultPort the port where none is given
	 * @return the address
	 * @throws IllegalArgumentException if it is something else, a URL for example; the
	 * message does not contain the text
	 */
	public static ServerAddress parse(String text, int defaultPort) {
		String stripped = text.strip();
		String host = stripped;
		String port = "";
		int bracket = stripped.indexOf(']');
		if (stripped.startsWith("[") && bracket > 0) {
			host = stripped.substring(1, bracket);
			port = stripped.substring(bracket + 1);
			if (!host.matches("[0-9a-fA-F:.]+(%[\\w.-]+)?") || !(port.isEmpty() || port.startsWith(":"))) {
				throw new IllegalArgumentException("not an IPv6 address");
			}
			port = port.isEmpty() ? "" : requireDigits(port.substring(1));
		}
		else {
			int colon = stripped.lastIndexOf(':');
			if (colon >= 0) {
				host = stripped.substring(0, colon);
				port = requireDigits(stripped.substring(colon + 1));
			}
			if (!host.matches("[\\w](?:[\\w.-]*[\\w.])?")) {
				throw new IllegalArgumentException("not a host");
			}
		}
		int number = port.isEmpty() ? defaultPort : Integer.parseInt(port);
		if (number < 1 || number > 65535) {
			throw new IllegalArgumentException("not a port");
		}
		return new ServerAddress(host, number);
	}

	private static String requireDigits(String port) {
		if (!port.matches("[0-9]{1,5}")) {
			throw new IllegalArgumentException("not a port");
		}
		return port;
	}

	@Override
	public String toString() {
		return ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
