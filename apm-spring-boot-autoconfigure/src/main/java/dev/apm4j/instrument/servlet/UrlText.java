package dev.apm4j.instrument.servlet;

import org.jspecify.annotations.Nullable;

/**
 * Brings text that a caller chose into a form that is safe to keep and to show: bounded
 * and without control characters. Text that is so already is returned as it is.
 */
final class UrlText {

	/** Characters of a path or a query. */
	static final int MAX = 1024;

	private static final char[] HEX = "0123456789ABCDEF".toCharArray();

	private UrlText() {
	}

	/**
	 * The path without path parameters, which carry session ids.
	 * @param requestUri the path as it was requested, still encoded
	 * @return the path
	 */
	static String path(@Nullable String requestUri) {
		if (requestUri == null) {
			return "";
		}
		int end = Math.min(requestUri.length(), MAX);
		for (int i = 0; i < end; i++) {
			if (isParameterStart(requestUri, i)) {
				return printable(withoutParameters(requestUri, i), MAX);
			}
		}
		return printable(requestUri, MAX);
	}

	/** A semicolon; also an encoded one, which careless clients send. */
	private static boolean isParameterStart(String uri, int index) {
		char c = uri.charAt(index);
		return c == ';' || (c == '%' && uri.regionMatches(true, index, "%3B", 0, 3));
	}

	private static String withoutParameters(String uri, int first) {
		StringBuilder path = new StringBuilder(Math.min(uri.length(), MAX)).append(uri, 0, first);
		boolean inParameter = true;
		for (int i = first; i < uri.length() && path.length() < MAX; i++) {
			char c = uri.charAt(i);
			inParameter = c != '/' && (inParameter || isParameterStart(uri, i));
			if (!inParameter) {
				path.append(c);
			}
		}
		return path.toString();
	}

	/**
	 * The text without control characters, which are percent-encoded, and not longer than
	 * allowed.
	 * @param text the text
	 * @param max the most characters to keep
	 * @return the text
	 */
	static String printable(String text, int max) {
		int end = Math.min(text.length(), max);
		for (int i = 0; i < end; i++) {
			if (Character.isISOControl(text.charAt(i))) {
				return encoded(text, end, max);
			}
		}
		if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
			end--;
		}
		return (end < text.length()) ? text.substring(0, end) : text;
	}

	private static String encoded(String text, int end, int max) {
		StringBuilder safe = new StringBuilder(end + 16);
		for (int i = 0; i < end; i++) {
			char c = text.charAt(i);
			if (Character.isISOControl(c)) {
				safe.append('%').append(HEX[c >> 4]).append(HEX[c & 0xF]);
			}
			else {
				safe.append(c);
			}
		}
		return (safe.length() > max) ? safe.substring(0, max) : safe.toString();
	}

}
