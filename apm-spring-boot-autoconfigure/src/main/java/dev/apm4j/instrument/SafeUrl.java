package dev.apm4j.instrument;

import java.net.URI;

import org.jspecify.annotations.Nullable;

/**
 * A URL as it may be shown: without user-info and fragment, and with the values of
 * parameters that look like secrets replaced, in the query and in path parameters.
 */
public final class SafeUrl {

	/** Characters of a result; OpenTelemetry and the backends take far less. */
	static final int MAX_LENGTH = 4096;

	private SafeUrl() {
	}

	/**
	 * The safe form of a URL.
	 * @param uri the URL
	 * @return at most {@value #MAX_LENGTH} characters
	 */
	public static String of(URI uri) {
		return of(uri.toString());
	}

	/**
	 * The safe form of a text that should be a URL.
	 * @param url the text
	 * @return at most {@value #MAX_LENGTH} characters
	 */
	public static String of(String url) {
		int fragment = url.indexOf('#');
		int end = (fragment >= 0) ? fragment : url.length();
		int authority = authorityStart(url, end);
		int path = firstOf(url, authority, end, "/?");
		int at = url.lastIndexOf('@', path - 1);
		int parameters = firstOf(url, path, end, "?;");
		if (at < authority && parameters == end && end == url.length() && end <= MAX_LENGTH) {
			return url;
		}
		StringBuilder safe = new StringBuilder(Math.min(end, MAX_LENGTH));
		safe.append(url, 0, authority);
		safe.append(url, (at >= authority) ? at + 1 : authority, parameters);
		appendParameters(safe, url, parameters, end);
		if (safe.length() > MAX_LENGTH) {
			safe.setLength(MAX_LENGTH);
		}
		return safe.toString();
	}

	private static int authorityStart(String url, int end) {
		int slashes = url.indexOf("//");
		return (slashes >= 0 && slashes < end) ? slashes + 2 : 0;
	}

	private static void appendParameters(StringBuilder safe, String url, int from, int end) {
		boolean query = false;
		int position = from;
		while (position < end && safe.length() <= MAX_LENGTH) {
			char delimiter = url.charAt(position);
			query = query || delimiter == '?';
			int next = firstOf(url, position + 1, end, query ? "&;" : ";/?");
			int equals = (delimiter != '/') ? firstOf(url, position + 1, next, "=") : next;
			if (equals < next && SecretNames.STANDARD.contains(url, position + 1, equals)) {
				safe.append(url, position, equals + 1).append(SecretNames.REDACTED);
			}
			else {
				safe.append(url, position, next);
			}
			position = next;
		}
	}

	private static int firstOf(String url, int from, int end, String characters) {
		for (int i = from; i < end; i++) {
			if (characters.indexOf(url.charAt(i)) >= 0) {
				return i;
			}
		}
		return end;
	}

	/**
	 * The host of a URL. {@link URI#getHost()} knows no host with an underscore, which
	 * names of containers have.
	 * @param uri the URL
	 * @return the host, or {@code null}
	 */
	public static @Nullable String host(URI uri) {
		String host = uri.getHost();
		String authority = uri.getRawAuthority();
		if (host != null || authority == null) {
			return host;
		}
		int at = authority.lastIndexOf('@');
		int colon = authority.lastIndexOf(':');
		String name = authority.substring(at + 1, (colon > at) ? colon : authority.length());
		return name.isEmpty() ? null : name;
	}

	/**
	 * The port of a URL.
	 * @param uri the URL
	 * @return the port, the scheme's default if it has none, or -1 if that isn't known
	 */
	public static int port(URI uri) {
		int port = uri.getPort();
		if (port >= 0) {
			return port;
		}
		String authority = (uri.getHost() == null) ? uri.getRawAuthority() : null;
		if (authority != null && authority.lastIndexOf(':') > authority.lastIndexOf('@')) {
			return parsePort(authority.substring(authority.lastIndexOf(':') + 1));
		}
		if ("https".equalsIgnoreCase(uri.getScheme())) {
			return 443;
		}
		return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : -1;
	}

	private static int parsePort(String text) {
		try {
			return Integer.parseInt(text);
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

}
