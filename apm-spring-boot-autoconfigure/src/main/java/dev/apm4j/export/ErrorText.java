package dev.apm4j.export;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Turns what an exporter threw or said into a text that is safe to log and to show: one
 * line, no control or formatting characters, bounded, what looks like a credential
 * masked.
 */
final class ErrorText {

	static final int MAX_LENGTH = 300;

	/** Bounds the work of the patterns, however long a message is. */
	private static final int MAX_RAW_LENGTH = 2000;

	private static final int MAX_CAUSES = 3;

	private static final Pattern USER_INFO = Pattern.compile("://[^/\\s]*@");

	private static final Pattern NAMED_SECRET = Pattern
		.compile("(?i)((?:passw|pwd|secret|token|key|licen[sc]e|authori[sz]ation|credential|session|cookie|signature)"
				+ "[\\w.-]{0,40}[\"']?\\s{0,5}[=:]\\s{0,5})(?:(?:bearer|basic)\\s{1,5})?[\"']?[^\\s\"'&,;]+");

	private static final Pattern SCHEME_SECRET = Pattern.compile("(?i)\\b(bearer|basic)\\s{1,5}[a-z0-9+/._~=-]{8,}");

	private ErrorText() {
	}

	static String of(Throwable throwable) {
		StringBuilder text = new StringBuilder();
		Throwable current = throwable;
		for (int i = 0; i < MAX_CAUSES && current != null; i++) {
			if (i > 0) {
				text.append("; caused by ");
			}
			String name = current.getClass().getName();
			text.append(name, name.lastIndexOf('.') + 1, name.length());
			String message = message(current);
			if (message != null && !message.isBlank()) {
				text.append(": ").append(message, 0, Math.min(message.length(), MAX_RAW_LENGTH));
			}
			current = current.getCause();
		}
		return escape(mask(text));
	}

	/**
	 * The same for what an exporter says of itself.
	 */
	static String of(String notice) {
		return escape(mask(notice.substring(0, Math.min(notice.length(), MAX_RAW_LENGTH))));
	}

	private static @Nullable String message(Throwable throwable) {
		try {
			return throwable.getMessage();
		}
		catch (Throwable ex) {
			// getMessage() can be anybody's code.
			return null;
		}
	}

	private static String mask(CharSequence text) {
		String masked = USER_INFO.matcher(text).replaceAll("://***@");
		masked = NAMED_SECRET.matcher(masked).replaceAll("$1***");
		return SCHEME_SECRET.matcher(masked).replaceAll("$1 ***");
	}

	private static String escape(String text) {
		StringBuilder escaped = new StringBuilder();
		for (int i = 0; i < text.length() && escaped.length() < MAX_LENGTH; i++) {
			char c = text.charAt(i);
			switch (Character.getType(c)) {
				case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
						Character.SURROGATE ->
					escaped.append(String.format("\\u%04x", (int) c));
				default -> escaped.append(c);
			}
		}
		if (escaped.length() > MAX_LENGTH) {
			escaped.setLength(MAX_LENGTH);
		}
		return escaped.toString();
	}

}
