package dev.apm4j.usage;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where the collector is called: a host and a port, in the clear or over TLS.
 *
 * @param secure whether over TLS
 * @param host name or address, an IPv6 address in brackets
 * @param port the port
 */
record CollectorAddress(boolean secure, String host, int port) {

	/**
	 * What a URL can have for a host. The JDK's HTTP client takes no underscore.
	 */
	private static final Pattern HOST_AND_PORT = Pattern
		.compile("([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}))?");

	/**
	 * Reads what the collector's {@code initConfig} answered. Only a host and a port are
	 * taken: whoever answers can choose neither scheme nor path.
	 * @param text such as {@code collector:8080}; without a port the scheme's
	 * @param secure whether over TLS
	 * @return the address, {@code null} if this is none
	 */
	static @Nullable CollectorAddress parse(String text, boolean secure) {
		Matcher matcher = HOST_AND_PORT.matcher(text);
		if (!matcher.matches()) {
			return null;
		}
		String port = matcher.group(2);
		int number = (port != null) ? Integer.parseInt(port) : defaultPort(secure);
		CollectorAddress address = new CollectorAddress(secure, matcher.group(1), number);
		return (number > 0 && number <= 0xFFFF && address.isUrl()) ? address : null;
	}

	/**
	 * The address in a collector's URL.
	 * @param url the URL
	 * @return the address
	 * @throws IllegalArgumentException if it is not {@code http} or {@code https} and a
	 * host, or has more than a path; the message does not repeat it
	 */
	static CollectorAddress of(URI url) {
		boolean secure = "https".equalsIgnoreCase(url.getScheme());
		if (!secure && !"http".equalsIgnoreCase(url.getScheme())) {
			throw new IllegalArgumentException("The URL of the collector must begin with http:// or https://");
		}
		if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
			throw new IllegalArgumentException("The URL of the collector must have no user, query or fragment");
		}
		if (url.getHost() == null || url.getPort() > 0xFFFF || url.getPort() == 0) {
			throw new IllegalArgumentException(
					"The URL of the collector must have a host (letters, digits, '.' and '-') and may have a port");
		}
		return new CollectorAddress(secure, url.getHost(), (url.getPort() > 0) ? url.getPort() : defaultPort(secure));
	}

	private static int defaultPort(boolean secure) {
		return secure ? 443 : 80;
	}

	/**
	 * Whether the host is an IPv6 address.
	 */
	boolean isIpv6() {
		return this.host.startsWith("[");
	}

	private boolean isUrl() {
		try {
			return resolve("/").getHost() != null;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * A URL there.
	 * @param path the path, and the query if there is one
	 * @return the URL
	 */
	URI resolve(String path) {
		return URI.create((this.secure ? "https://" : "http://") + this + path);
	}

	/** Host and port. */
	@Override
	public String toString() {
		return this.host + ":" + this.port;
	}

}
