package dev.apm4j.export.skywalking;

import org.jspecify.annotations.Nullable;

/**
 * Texts as the server and its storage take them: cut to what a column holds, valid UTF-8
 * (half a character makes protobuf log a warning for each message), and without the zero
 * that PostgreSQL refuses. The limits are those of SkyWalking's Java agent.
 */
final class WireText {

	/**
	 * Characters of a calling service or instance, whose own agent has cut it as it
	 * reports it: the server joins the two by this name.
	 */
	static final int MAX_CALLER = 200;

	/** Characters of an operation name. */
	static final int MAX_OPERATION = 150;

	/** Characters of a peer. */
	static final int MAX_PEER = 200;

	/** Characters of an id; the columns hold 256. */
	static final int MAX_ID = 256;

	private static final String UNKNOWN = "unknown";

	private static final char REPLACEMENT = '\ufffd';

	private WireText() {
	}

	/** A name that must not be empty, on one line. */
	static String name(@Nullable String text, int maxLength) {
		return (text == null || text.isBlank()) ? UNKNOWN : clean(text, maxLength, true);
	}

	/** A name that may be empty, on one line. */
	static String line(String text, int maxLength) {
		return clean(text, maxLength, true);
	}

	/** Any text. */
	static String text(String text, int maxLength) {
		return clean(text, maxLength, false);
	}

	private static String clean(String text, int maxLength, boolean oneLine) {
		int end = end(text, maxLength);
		for (int i = 0; i < end; i++) {
			if (isBad(text, i, end, oneLine)) {
				return replaceBad(text, end, oneLine);
			}
		}
		return (end == text.length()) ? text : text.substring(0, end);
	}

	private static int end(String text, int maxLength) {
		if (text.length() <= maxLength) {
			return text.length();
		}
		return Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
	}

	private static boolean isBad(String text, int index, int end, boolean oneLine) {
		char c = text.charAt(index);
		if (c == 0 || (oneLine && isBreak(c))) {
			return true;
		}
		if (!Character.isSurrogate(c)) {
			return false;
		}
		return Character.isHighSurrogate(c) ? index + 1 >= end || !Character.isLowSurrogate(text.charAt(index + 1))
				: index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
	}

	/** What a reader of {@code sw8} refuses in a name. */
	private static boolean isBreak(char c) {
		return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
	}

	private static String replaceBad(String text, int end, boolean oneLine) {
		StringBuilder cleaned = new StringBuilder(end);
		for (int i = 0; i < end; i++) {
			char c = text.charAt(i);
			cleaned.append(!isBad(text, i, end, oneLine) ? c : (isBreak(c) && c != 0) ? ' ' : REPLACEMENT);
		}
		return cleaned.toString();
	}

}
