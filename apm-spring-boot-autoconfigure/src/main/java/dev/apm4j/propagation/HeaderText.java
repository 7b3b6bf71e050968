package dev.apm4j.propagation;

/**
 * The character classes of HTTP header values (RFC 9110, section 5.6) that the formats
 * share.
 */
final class HeaderText {

	private HeaderText() {
	}

	/** Index of the first character that is neither space nor tab. */
	static int skipSpace(String text, int from, int to) {
		while (from < to && isSpace(text.charAt(from))) {
			from++;
		}
		return from;
	}

	/** Index behind the last character that is neither space nor tab. */
	static int trimSpace(String text, int from, int to) {
		while (to > from && isSpace(text.charAt(to - 1))) {
			to--;
		}
		return to;
	}

	static String trim(String text) {
		int from = skipSpace(text, 0, text.length());
		return text.substring(from, trimSpace(text, from, text.length()));
	}

	static boolean isSpace(char c) {
		return c == ' ' || c == '\t';
	}

	/** Whether a part of a text is a non-empty {@code token}. */
	static boolean isToken(String text, int from, int to) {
		for (int i = from; i < to; i++) {
			char c = text.charAt(i);
			if (!isLetterOrDigit(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
				return false;
			}
		}
		return to > from;
	}

	static boolean isLetterOrDigit(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	}

	/** Whether a text is printable ASCII, spaces included. */
	static boolean isPrintable(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < 0x20 || c > 0x7e) {
				return false;
			}
		}
		return true;
	}

	/** The first characters of a text, without half a surrogate pair at the end. */
	static String cut(String text, int length) {
		if (text.length() <= length) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
	}

	/** Whether a text has no control characters and no separators of lines. */
	static boolean isOneLine(String text) {
		// No stream: this is asked for each header that is written.
		for (int i = 0; i < text.length(); i++) {
			if (isBreak(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	/** A text with spaces for what no reader would take. */
	static String oneLine(String text) {
		if (isOneLine(text)) {
			return text;
		}
		StringBuilder line = new StringBuilder(text);
		for (int i = 0; i < text.length(); i++) {
			if (isBreak(text.charAt(i))) {
				line.setCharAt(i, ' ');
			}
		}
		return line.toString();
	}

	private static boolean isBreak(int c) {
		return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
	}

}
