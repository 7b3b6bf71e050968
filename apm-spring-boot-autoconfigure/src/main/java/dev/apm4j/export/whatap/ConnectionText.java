package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * Takes passwords out of connection strings. The agent does so only for other languages
 * and only in one form, so it must happen here. Known forms: parameters behind {@code ?},
 * {@code &}, {@code ;}, a comma, a parenthesis or blanks, with quoted values too, and
 * {@code user:password@} with and without a scheme, or with Oracle's slash. When in doubt
 * more is masked than the password. Remembers the last text, as one pool has one; for one
 * thread.
 */
final class ConnectionText {

	private static final String SEPARATORS = "?&;,(){}[]|:/'\"";

	private static final String[] ORACLE = { "oracle:thin:", "oracle:oci:", "oracle:oci8:" };

	private final SecretName secretName;

	private @Nullable String last;

	private @Nullable String lastMasked;

	ConnectionText(SecretName secretName) {
		this.secretName = secretName;
	}

	@Nullable String mask(@Nullable String text) {
		if (text == null || (text.indexOf('@') < 0 && text.indexOf('=') < 0)) {
			return text;
		}
		if (!text.equals(this.last)) {
			this.lastMasked = maskParameters(maskUser(text));
			this.last = text;
		}
		return this.lastMasked;
	}

	private static String maskUser(String text) {
		int at = text.lastIndexOf('@', firstParameter(text));
		int user = userStart(text, at);
		int password = -1;
		for (int i = user; i < at && password < 0; i++) {
			char c = text.charAt(i);
			password = (c == ':' || c == '/') ? i + 1 : -1;
		}
		if (password < 0 || password == at) {
			return text;
		}
		return text.substring(0, password) + SecretName.MASK + text.substring(at);
	}

	/** A question mark or semicolon may be in a password, but hardly before a name. */
	private static int firstParameter(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) == '?' || text.charAt(i) == ';') {
				int end = i + 1;
				while (end < text.length() && isOfName(text.charAt(end))) {
					end++;
				}
				if (end > i + 1 && end < text.length() && text.charAt(end) == '=') {
					return i;
				}
			}
		}
		return text.length();
	}

	private static int userStart(String text, int at) {
		for (String oracle : ORACLE) {
			int start = text.indexOf(oracle);
			if (start >= 0) {
				return start + oracle.length();
			}
		}
		int scheme = text.indexOf("://");
		if (scheme >= 0 && scheme < at) {
			return scheme + 3;
		}
		return text.startsWith("//") ? 2 : 0;
	}

	private String maskParameters(String text) {
		StringBuilder masked = null;
		int copied = 0;
		int equals = text.indexOf('=');
		while (equals >= 0) {
			int next = equals + 1;
			int nameEnd = skipBlanksBack(text, equals);
			int nameStart = nameStart(text, nameEnd);
			if (nameStart < nameEnd && isSecret(text, nameStart, nameEnd)) {
				int start = skipBlanks(text, next);
				int end = valueEnd(text, start, delimiters(text, nameStart));
				if (end > start) {
					masked = (masked != null) ? masked : new StringBuilder(text.length());
					masked.append(text, copied, start).append(SecretName.MASK);
					copied = end;
					next = end;
				}
			}
			equals = text.indexOf('=', next);
		}
		return (masked == null) ? text : masked.append(text, copied, text.length()).toString();
	}

	private boolean isSecret(String text, int from, int to) {
		return contains(text, from, to, "passw") || contains(text, from, to, "pwd")
				|| this.secretName.matches(text, from, to);
	}

	private static boolean contains(String text, int from, int to, String part) {
		for (int i = from; i + part.length() <= to; i++) {
			if (text.regionMatches(true, i, part, 0, part.length())) {
				return true;
			}
		}
		return false;
	}

	/** What ends a value follows from what stands before its name. */
	private static String delimiters(String text, int nameStart) {
		char before = (nameStart > 0) ? text.charAt(nameStart - 1) : 0;
		if (Character.isWhitespace(before)) {
			int separator = skipBlanksBack(text, nameStart) - 1;
			before = (separator >= 0 && SEPARATORS.indexOf(text.charAt(separator)) >= 0) ? text.charAt(separator) : ' ';
		}
		return switch (before) {
			case '?', '&' -> "&";
			case ';', ':' -> ";";
			case ' ' -> " \t\r\n";
			case ',', '(', '{', '[' -> ",)}]";
			default -> (text.indexOf(';') >= 0) ? ";" : (text.indexOf('&') >= 0) ? "&" : " \t\r\n";
		};
	}

	private static int valueEnd(String text, int start, String delimiters) {
		int position = start;
		if (start < text.length() && "'\"{".indexOf(text.charAt(start)) >= 0) {
			position = closing(text, start);
		}
		while (position < text.length() && delimiters.indexOf(text.charAt(position)) < 0) {
			position++;
		}
		return position;
	}

	/** Behind the closing quote, or the end of the text if there is none. */
	private static int closing(String text, int open) {
		char quote = (text.charAt(open) == '{') ? '}' : text.charAt(open);
		for (int i = open + 1; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '\\') {
				i++;
			}
			else if (c == quote && i + 1 < text.length() && text.charAt(i + 1) == quote) {
				i++;
			}
			else if (c == quote) {
				return i + 1;
			}
		}
		return text.length();
	}

	private static int nameStart(String text, int nameEnd) {
		int start = nameEnd;
		while (start > 0 && !Character.isWhitespace(text.charAt(start - 1)) && text.charAt(start - 1) != '='
				&& SEPARATORS.indexOf(text.charAt(start - 1)) < 0) {
			start--;
		}
		return start;
	}

	private static int skipBlanks(String text, int from) {
		int position = from;
		while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
			position++;
		}
		return position;
	}

	private static int skipBlanksBack(String text, int from) {
		int position = from;
		while (position > 0 && Character.isWhitespace(text.charAt(position - 1))) {
			position--;
		}
		return position;
	}

	private static boolean isOfName(char c) {
		return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == '%';
	}

}
