package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * A URL as the agent can read it and may see it: without user, query, path parameters and
 * fragment. The agent splits it at the first colon, so user and IPv6 addresses would also
 * give it a wrong host.
 */
final class WireUrl {

	private WireUrl() {
	}

	static @Nullable String of(@Nullable String url) {
		if (url == null) {
			return null;
		}
		int scheme = url.indexOf("://");
		int authority = (scheme >= 0) ? scheme + 3 : url.startsWith("//") ? 2 : 0;
		int path = firstOf(url, authority, "/?#;");
		int at = url.lastIndexOf('@', path - 1);
		if (at < authority && hasPasswordForPort(url, authority, path) && url.indexOf('@', path) >= 0) {
			// A password with a slash, which should have been encoded.
			at = url.lastIndexOf('@');
			path = firstOf(url, at + 1, "/?#;");
		}
		int host = (at >= authority) ? at + 1 : authority;
		boolean ipv6 = host < path && url.charAt(host) == '[';
		if (host == authority && !ipv6 && firstOf(url, path, "?#;") == url.length()) {
			return url;
		}
		StringBuilder safe = new StringBuilder(url.length()).append(url, 0, authority);
		if (ipv6) {
			host = appendIpv6(safe, url, host, path);
		}
		safe.append(url, host, path);
		appendPath(safe, url, path);
		return safe.toString();
	}

	/** The address with hyphens for colons, as in a host's name. */
	private static int appendIpv6(StringBuilder safe, String url, int from, int to) {
		int position = from + 1;
		while (position < to && url.charAt(position) != ']') {
			char c = url.charAt(position++);
			safe.append((c == ':' || c == '%') ? '-' : c);
		}
		return Math.min(position + 1, to);
	}

	private static void appendPath(StringBuilder safe, String url, int path) {
		int end = firstOf(url, path, "?#");
		boolean parameter = false;
		for (int i = path; i < end; i++) {
			char c = url.charAt(i);
			parameter = (c == ';') || (parameter && c != '/');
			if (!parameter) {
				safe.append(c);
			}
		}
	}

	private static boolean hasPasswordForPort(String url, int from, int to) {
		int colon = url.lastIndexOf(':', to - 1);
		if (colon < from || url.charAt(from) == '[') {
			return false;
		}
		for (int i = colon + 1; i < to; i++) {
			if (!Character.isDigit(url.charAt(i))) {
				return true;
			}
		}
		return false;
	}

	private static int firstOf(String url, int from, String characters) {
		for (int i = from; i < url.length(); i++) {
			if (characters.indexOf(url.charAt(i)) >= 0) {
				return i;
			}
		}
		return url.length();
	}

}
