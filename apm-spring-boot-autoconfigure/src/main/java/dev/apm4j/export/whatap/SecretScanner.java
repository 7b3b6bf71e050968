package dev.apm4j.export.whatap;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One pass over one text for {@link FreeText}. Goes from word to word and looks at what
 * stands around each; nothing is looked at more than a few times.
 */
final class SecretScanner {

	/** Parts of names of secrets, whatever the configuration says. */
	private static final List<String> SECRETS = List.of("passw", "pwd", "secret", "token", "credential", "authoriz",
			"cookie", "apikey", "api-key", "api_key");

	/** Characters of a name that count; {@link SecretName} looks at as many. */
	private static final int MAX_NAME = 128;

	private static final int MAX_NUMBER_OF_CODE = 3;

	private static final int MIN_WEB_TOKEN = 20;

	private static final int PEM_LABEL = 64;

	private final String text;

	private final int length;

	private final SecretName secretName;

	private @Nullable StringBuilder masked;

	/** Up to here the text is in {@link #masked}. */
	private int copied;

	/** Where the text without blanks and quotes ends that was looked at last. */
	private int tokenEnd = -1;

	/** The last {@code @} in it, or -1. */
	private int tokenAt = -1;

	/** Up to here is the host of a URL, whose port is no password. */
	private int hostEnd;

	SecretScanner(String text, SecretName secretName) {
		this.text = text;
		this.length = text.length();
		this.secretName = secretName;
	}

	String mask() {
		int position = 0;
		while (position < this.length) {
			position = isOfName(position) ? word(position) : position + 1;
		}
		StringBuilder result = this.masked;
		return (result != null) ? result.append(this.text, this.copied, this.length).toString() : this.text;
	}

	/** Looks at a word and what follows; returns where to go on. */
	private int word(int start) {
		int end = start + 1;
		while (end < this.length && isOfName(end)) {
			end++;
		}
		if (this.text.startsWith("eyJ", start) && end - start >= MIN_WEB_TOKEN) {
			return maskTo(start, end);
		}
		if (this.text.startsWith("-----BEGIN", start) && isPrivateKey(start)) {
			int close = this.text.indexOf("-----END", end);
			return maskTo(end, (close >= 0) ? close : this.length);
		}
		if (isScheme(start, end)) {
			int value = skipBlanks(end);
			if (value > end && value < this.length && isCredential(start, end, value)) {
				return maskTo(value, throughSchemes(value, endOfToken(value)));
			}
		}
		if (this.text.startsWith("://", end)) {
			return userInfo(end + 3);
		}
		int value = valueStart(start, end);
		if (value >= 0 && value < this.length && isSecret(start, end, value)) {
			return value(start, end, value);
		}
		if (start >= this.hostEnd && end < this.length && this.text.charAt(end) == ':' && lastAt(end) > end) {
			return maskTo(end + 1, lastAt(end));
		}
		return end;
	}

	private boolean isSecret(int start, int end, int value) {
		int from = Math.max(start, end - MAX_NAME);
		if (endsWith(from, end, "exception") || endsWith(from, end, "error")) {
			return false;
		}
		for (String secret : SECRETS) {
			if (contains(from, end, secret)) {
				return true;
			}
		}
		// Prose quotes names, as in "primary key 'id'".
		boolean prose = skipBlanks(end) == value && !this.text.startsWith("--", start);
		return !prose && !isStatus(from, end, value) && this.secretName.matches(this.text, from, end);
	}

	/** A status or error code is none of the codes that one logs in with. */
	private boolean isStatus(int from, int end, int value) {
		int digits = value;
		while (digits < this.length && Character.isDigit(this.text.charAt(digits))) {
			digits++;
		}
		return endsWith(from, end, "code") && digits > value && digits - value <= MAX_NUMBER_OF_CODE
				&& (digits == this.length || !isOfName(digits)) && !endsWith(from, end, "pincode")
				&& !endsWith(from, end, "passcode");
	}

	/** Where the value of a name begins, or -1 if none follows. */
	private int valueStart(int start, int end) {
		if (start > 0 && end < this.length && this.text.charAt(start - 1) == '<' && this.text.charAt(end) == '>') {
			return end + 1;
		}
		int position = end;
		while (position < this.length && "\"'`\\])}".indexOf(this.text.charAt(position)) >= 0) {
			position++;
		}
		int blanks = skipBlanks(position);
		int separator = separatorEnd(blanks);
		if (separator > 0) {
			return skipBlanks(separator);
		}
		boolean option = this.text.startsWith("--", start);
		boolean quoted = blanks < this.length && (this.text.charAt(blanks) == '\'' || this.text.charAt(blanks) == '"');
		return (position == end && blanks > end && (option || quoted)) ? blanks : -1;
	}

	/** Behind what stands between name and value, or -1. */
	private int separatorEnd(int position) {
		if (position >= this.length) {
			return -1;
		}
		char c = this.text.charAt(position);
		if (c == '%') {
			boolean encoded = this.text.regionMatches(true, position, "%3D", 0, 3)
					|| this.text.regionMatches(true, position, "%3A", 0, 3);
			return encoded ? position + 3 : -1;
		}
		if (c != '=' && c != ':') {
			return -1;
		}
		int next = position + 1;
		boolean longer = next < this.length && (this.text.charAt(next) == '=' || this.text.charAt(next) == '>');
		return longer ? next + 1 : next;
	}

	private int value(int nameStart, int nameEnd, int start) {
		char first = this.text.charAt(start);
		if (nameStart > 0 && this.text.charAt(nameStart - 1) == '<' && this.text.charAt(nameEnd) == '>') {
			int close = this.text.indexOf('<', start);
			return maskTo(start, (close >= 0) ? close : this.length);
		}
		if (first == '\n' || first == '\r') {
			return start;
		}
		if (first == '\\' && start + 1 < this.length && "\"'".indexOf(this.text.charAt(start + 1)) >= 0) {
			int close = this.text.indexOf(this.text.substring(start, start + 2), start + 2);
			return maskTo(start + 2, (close >= 0) ? close : this.length);
		}
		if ("\"'`".indexOf(first) >= 0) {
			return maskTo(start + 1, closingQuote(start));
		}
		if ("[{(".indexOf(first) >= 0) {
			return maskTo(start + 1, closingBracket(start));
		}
		if (contains(nameStart, nameEnd, "authoriz") || contains(nameStart, nameEnd, "cookie")) {
			int line = this.text.indexOf('\n', start);
			return maskTo(start, (line >= 0) ? line : this.length);
		}
		return maskTo(start, throughSchemes(start, valueEnd(start)));
	}

	/** A value that ends with the name of a scheme goes on with the next word. */
	private int throughSchemes(int from, int to) {
		int start = from;
		int end = to;
		while (true) {
			int word = end;
			while (word > start && isOfName(word - 1)) {
				word--;
			}
			int next = skipBlanks(end);
			if (!isScheme(word, end) || next == end || next == this.length) {
				return end;
			}
			start = next;
			end = valueEnd(next);
		}
	}

	/** Blanks end a value, and what joins parameters if another one follows. */
	private int valueEnd(int start) {
		int end = start;
		while (end < this.length && !Character.isWhitespace(this.text.charAt(end))) {
			char c = this.text.charAt(end);
			if ((c == '&' || c == ';') && isParameter(end + 1)) {
				return end;
			}
			end++;
		}
		return end;
	}

	private boolean isParameter(int start) {
		int end = start;
		while (end < this.length && isOfName(end)) {
			end++;
		}
		return end > start && end < this.length && this.text.charAt(end) == '=';
	}

	private int closingQuote(int open) {
		char quote = this.text.charAt(open);
		for (int i = open + 1; i < this.length; i++) {
			char c = this.text.charAt(i);
			if (c == '\\' || (c == quote && i + 1 < this.length && this.text.charAt(i + 1) == quote)) {
				i++;
			}
			else if (c == quote) {
				return i;
			}
		}
		return this.length;
	}

	private int closingBracket(int open) {
		int depth = 0;
		for (int i = open; i < this.length; i++) {
			char c = this.text.charAt(i);
			depth += ("[{(".indexOf(c) >= 0) ? 1 : ("]})".indexOf(c) >= 0) ? -1 : 0;
			if (depth == 0) {
				return i;
			}
		}
		return this.length;
	}

	/** Masks what stands before the host of a URL; returns where the host begins. */
	private int userInfo(int authority) {
		int path = authority;
		while (path < this.length && !isTokenEnd(path) && "/?#".indexOf(this.text.charAt(path)) < 0) {
			path++;
		}
		int at = last('@', authority, path);
		if (at >= 0) {
			maskTo(authority, at);
		}
		else if (hasPasswordForPort(authority, path)) {
			int later = lastAt(authority);
			if (later >= path) {
				return maskTo(authority, later);
			}
			if (path == this.length) {
				// Cut within the password.
				return maskTo(this.text.indexOf(':', authority) + 1, path);
			}
		}
		this.hostEnd = path;
		return Math.max(authority, at + 1);
	}

	private boolean hasPasswordForPort(int from, int to) {
		int colon = last(':', from, to);
		if (colon < 0 || this.text.charAt(from) == '[') {
			return false;
		}
		for (int i = colon + 1; i < to; i++) {
			if (!Character.isDigit(this.text.charAt(i))) {
				return true;
			}
		}
		return false;
	}

	private int last(char c, int from, int to) {
		int position = to - 1;
		while (position >= from && this.text.charAt(position) != c) {
			position--;
		}
		return (position >= from) ? position : -1;
	}

	/** The last {@code @} of the token that a position is in, or -1. */
	private int lastAt(int position) {
		if (position >= this.tokenEnd) {
			this.tokenAt = -1;
			int end = position;
			while (end < this.length && !isTokenEnd(end)) {
				if (this.text.charAt(end) == '@') {
					this.tokenAt = end;
				}
				end++;
			}
			this.tokenEnd = end;
		}
		return this.tokenAt;
	}

	private boolean isScheme(int start, int end) {
		return isWord(start, end, "bearer") || isWord(start, end, "basic") || isWord(start, end, "digest")
				|| isWord(start, end, "negotiate") || isWord(start, end, "apikey") || isWord(start, end, "token");
	}

	/**
	 * Whether a word behind that of a scheme is more than the next word of a sentence.
	 */
	private boolean isCredential(int start, int end, int value) {
		if (isWord(start, end, "bearer")) {
			return true;
		}
		boolean telling = false;
		int last = endOfToken(value);
		for (int i = value + 1; i < last && !telling; i++) {
			char c = this.text.charAt(i);
			telling = Character.isUpperCase(c) || Character.isDigit(c) || c == '=' || c == '+' || c == '/';
		}
		return telling && last - value >= 8;
	}

	private int endOfToken(int start) {
		int end = start;
		while (end < this.length && !isTokenEnd(end)) {
			end++;
		}
		return end;
	}

	private boolean isTokenEnd(int position) {
		char c = this.text.charAt(position);
		return c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' || Character.isWhitespace(c);
	}

	private boolean isPrivateKey(int start) {
		String label = this.text.substring(start, Math.min(this.length, start + PEM_LABEL));
		return label.contains("PRIVATE KEY");
	}

	private boolean isWord(int start, int end, String word) {
		return end - start == word.length() && this.text.regionMatches(true, start, word, 0, word.length());
	}

	private boolean endsWith(int from, int end, String word) {
		int start = end - word.length();
		return start >= from && this.text.regionMatches(true, start, word, 0, word.length());
	}

	private boolean contains(int from, int end, String part) {
		for (int i = from; i + part.length() <= end; i++) {
			if (this.text.regionMatches(true, i, part, 0, part.length())) {
				return true;
			}
		}
		return false;
	}

	private boolean isOfName(int position) {
		char c = this.text.charAt(position);
		return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == '$';
	}

	/** Not over the end of a line. */
	private int skipBlanks(int from) {
		int position = from;
		while (position < this.length && (this.text.charAt(position) == ' ' || this.text.charAt(position) == '\t')) {
			position++;
		}
		return position;
	}

	private int maskTo(int start, int end) {
		if (end > start) {
			StringBuilder result = this.masked;
			if (result == null) {
				result = new StringBuilder(this.length);
				this.masked = result;
			}
			result.append(this.text, this.copied, start).append(SecretName.MASK);
			this.copied = end;
		}
		return Math.max(start, end);
	}

}
