package dev.apm4j.instrument.jdbc;

import dev.apm4j.instrument.jdbc.SqlDialect.Answer;

/**
 * Finds where comments, quotations, names and numbers end. What isn't terminated ends
 * with the text.
 */
final class SqlScanner {

	private final String sql;

	private final SqlDialect dialect;

	private boolean cut;

	private boolean unterminated;

	SqlScanner(String sql, SqlDialect dialect) {
		this.sql = sql;
		this.dialect = dialect;
	}

	/** Whether the rest of the text can be read in more than one way. */
	boolean isCut() {
		return this.cut;
	}

	/** Whether the last quotation had no end. */
	boolean isUnterminated() {
		return this.unterminated;
	}

	/**
	 * Skips blanks and comments.
	 * @param from where to begin
	 * @return index of the first other character
	 */
	int skipBlanks(int from) {
		int i = from;
		while (i < this.sql.length() && !this.cut) {
			char c = this.sql.charAt(i);
			if (isBlank(c)) {
				i++;
			}
			else if (c == '-' && at(i + 1) == '-' && isDashComment(i)) {
				i = lineEnd(i);
			}
			else if (c == '#' && isHashComment(i)) {
				i = lineEnd(i);
			}
			else if (c == '/' && at(i + 1) == '/' && isSlashComment(i)) {
				i = lineEnd(i);
			}
			else if (c == '/' && at(i + 1) == '*') {
				i = blockCommentEnd(i);
			}
			else {
				break;
			}
		}
		return i;
	}

	private boolean isDashComment(int index) {
		if (isBlank(at(index + 2))) {
			return true;
		}
		return switch (this.dialect.dashesNeedSpace()) {
			case YES -> false;
			case NO -> true;
			case UNCLEAR -> isHarmlessLine(index);
		};
	}

	private boolean isHashComment(int index) {
		return switch (this.dialect.hashComments()) {
			case YES -> true;
			case NO -> false;
			case UNCLEAR -> isHarmlessLine(index);
		};
	}

	private boolean isSlashComment(int index) {
		return switch (this.dialect.slashComments()) {
			case YES -> true;
			case NO -> false;
			case UNCLEAR -> isHarmlessLine(index + 2);
		};
	}

	/** Comment or not, a line without quotation marks leaves the next one what it is. */
	private boolean isHarmlessLine(int from) {
		int end = lineEnd(from);
		for (int i = from; i < end; i++) {
			if ("'\"`[$/".indexOf(this.sql.charAt(i)) >= 0) {
				this.cut = true;
				break;
			}
		}
		return true;
	}

	private int lineEnd(int from) {
		int i = from;
		while (i < this.sql.length() && this.sql.charAt(i) != '\n' && this.sql.charAt(i) != '\r') {
			i++;
		}
		return i;
	}

	private int blockCommentEnd(int from) {
		int depth = 1;
		int i = from + 2;
		while (i < this.sql.length() && depth > 0) {
			char c = this.sql.charAt(i);
			if (c == '*' && at(i + 1) == '/') {
				depth--;
				i += 2;
			}
			else if (c == '/' && at(i + 1) == '*' && this.dialect.nestedComments() != Answer.NO) {
				this.cut = this.cut || this.dialect.nestedComments() == Answer.UNCLEAR;
				depth++;
				i += 2;
			}
			else {
				i++;
			}
		}
		boolean executable = at(from + 2) == '!' || (at(from + 2) == 'M' && at(from + 3) == '!');
		if (executable && this.dialect.hashComments() != Answer.NO && !isBalanced(from, i)) {
			// MySQL or MariaDB may have run the comment, and the quotation goes on behind
			// it.
			this.cut = true;
		}
		return i;
	}

	/**
	 * The end of a quotation in which a doubled delimiter stands for itself.
	 * @param quote where it begins
	 * @param delimiter the character that ends it
	 * @param backslash whether a backslash keeps the delimiter from ending it
	 * @return index behind the delimiter
	 */
	int quotedEnd(int quote, char delimiter, Answer backslash) {
		this.unterminated = false;
		if (this.dialect == SqlDialect.UNKNOWN && at(quote + 1) == delimiter && at(quote + 2) == delimiter) {
			// Perhaps one of the strings in three quotation marks that some have.
			this.cut = true;
		}
		int i = quote + 1;
		while (i < this.sql.length()) {
			char c = this.sql.charAt(i);
			if (c == '\\' && backslash != Answer.NO) {
				this.cut = this.cut || (backslash == Answer.UNCLEAR && at(i + 1) == delimiter);
				i += 2;
			}
			else if (c != delimiter) {
				i++;
			}
			else if (at(i + 1) == delimiter) {
				i += 2;
			}
			else {
				return i + 1;
			}
		}
		this.unterminated = true;
		return this.sql.length();
	}

	/**
	 * The end of Oracle's {@code q'[x]'}.
	 * @param quote index of the quotation mark
	 * @return index behind the string
	 */
	int alternativeQuoteEnd(int quote) {
		char open = at(quote + 1);
		int bracket = "[({<".indexOf(open);
		char close = (bracket >= 0) ? "])}>".charAt(bracket) : open;
		for (int i = quote + 2; i < this.sql.length(); i++) {
			if (this.sql.charAt(i) == close && at(i + 1) == '\'') {
				return i + 2;
			}
		}
		return this.sql.length();
	}

	/**
	 * The end of a string in dollars.
	 * @param from index of the first dollar
	 * @return index behind the string, {@code from} if there is none
	 */
	int dollarQuoteEnd(int from) {
		int tagEnd = from + 1;
		while (isNamePart(at(tagEnd)) && at(tagEnd) != '$') {
			tagEnd++;
		}
		if (at(tagEnd) != '$') {
			return from;
		}
		int length = tagEnd + 1 - from;
		int close = indexOfTag(tagEnd + 1, from, length);
		int end = (close >= 0) ? close + length : this.sql.length();
		if (this.dialect.dollarQuotes() == Answer.UNCLEAR && !isBalanced(from, end)) {
			this.cut = true;
		}
		return end;
	}

	/** A long tag is compared once per dollar, so that all of it stays linear. */
	private int indexOfTag(int from, int tag, int length) {
		int i = this.sql.indexOf('$', from);
		while (i >= 0) {
			int same = 1;
			while (same < length && i + same < this.sql.length()
					&& this.sql.charAt(i + same) == this.sql.charAt(tag + same)) {
				same++;
			}
			if (same == length) {
				return i;
			}
			// No dollar but the last is in a tag, so none is in what was the same.
			i = this.sql.indexOf('$', i + same);
		}
		return -1;
	}

	/** Whether quotations can neither begin before a place and end behind it. */
	boolean isBalanced(int from, int to) {
		int single = 0;
		int twofold = 0;
		int back = 0;
		for (int i = from; i < to; i++) {
			switch (this.sql.charAt(i)) {
				case '\'' -> single++;
				case '"' -> twofold++;
				case '`' -> back++;
				case '\\' -> {
					return false;
				}
				default -> {
				}
			}
		}
		return single % 2 == 0 && twofold % 2 == 0 && back % 2 == 0;
	}

	/**
	 * The end of a name in brackets.
	 * @param open where it begins
	 * @param maxLength characters to look at
	 * @return index behind the bracket that closes it, {@code open} if there is none
	 */
	int bracketEnd(int open, int maxLength) {
		int to = Math.min(this.sql.length(), open + maxLength);
		int i = open;
		while (i < to) {
			if (this.sql.charAt(i) != ']') {
				i++;
			}
			else if (at(i + 1) == ']') {
				i += 2;
			}
			else {
				return i + 1;
			}
		}
		return open;
	}

	/** Everything that sticks to a number belongs to it: {@code 0xFF}, {@code 10UL}. */
	int numberEnd(int from) {
		boolean hex = at(from) == '0' && (at(from + 1) == 'x' || at(from + 1) == 'X');
		int i = from;
		while (i < this.sql.length()) {
			char c = this.sql.charAt(i);
			boolean point = c == '.' && at(i + 1) != '.';
			boolean sign = (c == '+' || c == '-') && !hex && i > from && (at(i - 1) | 0x20) == 'e' && at(i + 1) >= '0'
					&& at(i + 1) <= '9';
			if (!point && !sign && !isNamePart(c)) {
				break;
			}
			i++;
		}
		return i;
	}

	boolean isNameStart(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
				|| (c >= 0x80 && !isBlank(c) && !isCurrency(c)) || (c == '#' && this.dialect.hasHashInNames());
	}

	/** Transact-SQL has money with any of them in front. */
	private static boolean isCurrency(char c) {
		return Character.getType(c) == Character.CURRENCY_SYMBOL;
	}

	private boolean isNamePart(char c) {
		return isNameStart(c) || (c >= '0' && c <= '9') || c == '$';
	}

	int nameEnd(int from) {
		int i = from;
		while (i < this.sql.length() && isNamePart(this.sql.charAt(i))) {
			i++;
		}
		return i;
	}

	static boolean isBlank(char c) {
		return c <= ' ' || (c >= 0x7f && (Character.isSpaceChar(c) || Character.isISOControl(c) || c == '\uFEFF'));
	}

	private char at(int index) {
		return (index < this.sql.length()) ? this.sql.charAt(index) : '\0';
	}

}
