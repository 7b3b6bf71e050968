package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * A client's address as the agent reads it. It takes a bare IPv4 address only: with a
 * port it gets another address out of it, and of IPv6 none.
 */
final class RemoteAddress {

	private static final String MAPPED = "::ffff:";

	private static final String LOOPBACK = "127.0.0.1";

	private RemoteAddress() {
	}

	/**
	 * The IPv4 address in a text.
	 * @param address an address of any kind, with a port or not
	 * @return the bare address, or an empty text if there is none
	 */
	static String ipv4(@Nullable String address) {
		if (address == null) {
			return "";
		}
		int start = address.regionMatches(true, 0, MAPPED, 0, MAPPED.length()) ? MAPPED.length() : 0;
		int end = end(address, start);
		if (end > 0) {
			return (start == 0 && end == address.length()) ? address : address.substring(start, end);
		}
		return (address.equals("::1") || address.equals("0:0:0:0:0:0:0:1")) ? LOOPBACK : "";
	}

	/** Where the IPv4 address ends that begins here, or -1. */
	private static int end(String text, int start) {
		int numbers = 0;
		int position = start;
		while (numbers < 4) {
			int number = 0;
			int digits = 0;
			while (position < text.length() && digits < 4 && isDigit(text.charAt(position))) {
				number = number * 10 + text.charAt(position++) - '0';
				digits++;
			}
			if (digits == 0 || digits > 3 || number > 255) {
				return -1;
			}
			numbers++;
			if (numbers < 4 && (position >= text.length() || text.charAt(position++) != '.')) {
				return -1;
			}
		}
		return (position == text.length() || text.charAt(position) == ':') ? position : -1;
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

}
