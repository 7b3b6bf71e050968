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

	private boolean doubtful;

	private boolean refuted;

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

	/** Whether a string ends somewhere else if the database is set to another mode. */
	boolean isDoubtful() {
		return this.doubtful;
	}

	/**
	 * A string was read by the database's default, and would end somewhere else in
	 * another mode.
	 */
	void doubt() {
		this.doubtful = true;
	}

	/** What was read shows that a doubtful string was read in the wrong way. */
	void refute() {
		this.refuted = this.refuted || this.doubtful;
	}

	/**
	 * Whether a doubtful string was read in the wrong way. Strings and what is between
	 * them have changed places since then, so that the text ends within a string, or has
	 * a backslash where none may be, or a comment with half of a string.
	 */
	boolean isMisread() {
		return this.refuted || (this.doubtful && this.unterminated);
	}

	/**
	 * Skips blanks and comments.
	 * @param from where to begin
	 * @return index of the first other character
	 */
	int skipBlanks(int from) {
		int i = from;
		while (i < this.sql.length() && !this.cut) {
			if (isBlank(this.sql.charAt(i))) {
				i++;
				continue;
			}
			int end = commentEnd(i);
			if (end == i) {
				break;
			}
			if (this.doubtful && !isBalanced(i, end)) {
				refute();
			}
			i = end;
		}
		return i;
	}

	private int commentEnd(int from) {
		char c = this.sql.charAt(from);
		char next = at(from + 1);
		boolean line = (c == '-' && next == '-' && isDashComment(from)) || (c == '#' && isHashComment(from))
				|| (c == '/' && next == '/' && isSlashComment(from));
		if (line) {
			return lineEnd(from);
		}
		return (c == '/' && next == '*') ? blockCommentEnd(from) : from;
	}

	private boolean isDashComment(int index) {
		char behind = at(index + 2);
		if (behind <= ' ' || behind == '\u007f') {
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
		boolean executable = (at(from + 2) == '!' || (at(from + 2) == 'M' && at(from + 3) == '!'))
				&& this.dialect.hashComments() != Answer.NO;
		int depth = 1;
		int i = from + 2;
		while (i < this.sql.length() && depth > 0) {
			char c = this.sql.charAt(i);
			if (c == '*' && at(i + 1) == '/') {
				depth--;
				i += 2;
			}
			else if (c == '/' && at(i + 1) == '*' && (executable || this.dialect.nestedComments() != Answer.NO)) {
				this.cut = this.cut || executable || this.dialect.nestedComments() == Answer.UNCLEAR;
				depth++;
				i += 2;
			}
			else {
				i++;
			}
		}
		if (executable && !isBalanced(from, i)) {
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
	 * @param byDefault whether it may be otherwise in another mode of the database
	 * @return index behind the delimiter
	 */
	int quotedEnd(int quote, char delimiter, Answer backslash, boolean byDefault) {
		this.unterminated = false;
		if (this.dialect == SqlDialect.UNKNOWN && at(quote + 1) == delimiter && at(quote + 2) == delimiter) {
			// Perhaps one of the strings in three quotation marks that some have.
			this.cut = true;
		}
		int i = quote + 1;
		while (i < this.sql.length()) {
			char c = this.sql.charAt(i);
			if (c == '\\' && backslash != Answer.NO) {
				boolean escaped = at(i + 1) == delimiter;
				this.cut = this.cut || (backslash == Answer.UNCLEAR && escaped);
				this.doubtful = this.doubtful || (byDefault && escaped);
				i += 2;
			}
			else if (c != delimiter) {
				i++;
			}
			else {
				this.doubtful = this.doubtful || (byDefault && this.sql.charAt(i - 1) == '\\');
				if (at(i + 1) != delimiter) {
					return i + 1;
				}
				i += 2;
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
			boolean quote = c == '$' && this.dialect.dollarQuotes() == Answer.YES;
			// Transact-SQL goes on in the next line behind a backslash.
			boolean line = hex && c == '\\' && (at(i + 1) == '\n' || at(i + 1) == '\r');
			boolean sign = (c == '+' || c == '-') && !hex && i > from && (at(i - 1) | 0x20) == 'e' && at(i + 1) >= '0'
					&& at(i + 1) <= '9';
			if (!point && !sign && !line && (quote || !isNamePart(c))) {
				break;
			}
			i += line ? lineBreak(i + 1) : 1;
		}
		return i;
	}

	private int lineBreak(int index) {
		return (at(index) == '\r' && at(index + 1) == '\n') ? 3 : 2;
	}

	boolean isNameStart(char c) {
		if (c >= 0x80) {
			return this.dialect.hasOnlyLettersBeyondAscii()
					|| (!isBlank(c) && !isCurrency(c) && !this.dialect.isTypographicQuote(c));
		}
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
				|| (c == '#' && this.dialect.hasHashInNames());
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

	private boolean isBlank(char c) {
		if (c > 0x7f && this.dialect.hasOnlyLettersBeyondAscii()) {
			return false;
		}
		return c <= ' ' || (c >= 0x7f && (Character.isSpaceChar(c) || Character.isISOControl(c) || c == '\uFEFF'));
	}

	private char at(int index) {
		return (index < this.sql.length()) ? this.sql.charAt(index) : '\0';
	}

}
