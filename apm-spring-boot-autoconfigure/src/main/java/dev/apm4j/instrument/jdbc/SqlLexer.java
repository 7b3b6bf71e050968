package dev.apm4j.instrument.jdbc;

import dev.apm4j.instrument.jdbc.SqlDialect.Answer;
import org.jspecify.annotations.Nullable;

/**
 * Reads SQL text token by token, each character a bounded number of times, and keeps
 * nothing but positions. Comments are blanks. Text that can be read in two ways, of which
 * one would show a literal, ends the statement early: {@link #isCut()}. Used by one
 * thread.
 */
final class SqlLexer {

	private static final int MAX_NAME_LENGTH = 256;

	/** The longest name in brackets, by the Transact-SQL reference. */
	private static final int MAX_BRACKET_LENGTH = 130;

	private final String sql;

	private final SqlDialect dialect;

	private final SqlScanner scanner;

	private int position;

	private int start;

	private boolean spaceBefore;

	private boolean cut;

	private SqlTokenType type = SqlTokenType.SEMICOLON;

	private SqlTokenType previousType = SqlTokenType.SEMICOLON;

	private @Nullable SqlKeyword keyword;

	/** Whether nothing is taken for granted that a mode of the database may change. */
	private final boolean wary;

	/** Whether the last string was PostgreSQL's {@code E'x'}, or goes on from one. */
	private boolean escapes;

	/** Parentheses around what only are values, as behind IN. */
	private int valuesDepth;

	/** Whether the rows behind VALUES go on. */
	private boolean rows;

	SqlLexer(String sql, SqlDialect dialect) {
		this(sql, dialect, false);
	}

	/**
	 * Creates a lexer at the beginning of a text.
	 * @param sql the text
	 * @param dialect what the database takes for a literal
	 * @param wary whether the text was misread before: {@link #isMisread()}
	 */
	SqlLexer(String sql, SqlDialect dialect, boolean wary) {
		this.sql = sql;
		this.dialect = dialect;
		this.scanner = new SqlScanner(sql, dialect);
		this.wary = wary;
	}

	/**
	 * Goes to the next token.
	 * @return its type, {@link SqlTokenType#END} after the last one, however often
	 */
	SqlTokenType next() {
		int before = this.position;
		this.position = this.scanner.skipBlanks(before);
		this.spaceBefore = this.position > before;
		this.cut = this.cut || this.scanner.isCut();
		if (this.cut) {
			this.position = this.sql.length();
		}
		this.start = this.position;
		this.previousType = this.type;
		SqlKeyword previousKeyword = this.keyword;
		this.keyword = null;
		this.type = (this.position < this.sql.length()) ? read(this.sql.charAt(this.position), previousKeyword)
				: SqlTokenType.END;
		countValues(previousKeyword);
		return this.type;
	}

	private void countValues(@Nullable SqlKeyword previousKeyword) {
		switch (this.type) {
			case OPEN -> {
				boolean values = this.valuesDepth > 0 || this.rows || previousKeyword == SqlKeyword.IN;
				this.valuesDepth += values ? 1 : 0;
			}
			case CLOSE -> this.valuesDepth = Math.max(0, this.valuesDepth - 1);
			case COMMA -> {
				// Perhaps between rows
			}
			default -> {
				this.rows = this.keyword == SqlKeyword.VALUES || (this.rows && this.valuesDepth > 0);
				this.valuesDepth = (this.keyword == SqlKeyword.SELECT) ? 0 : this.valuesDepth;
			}
		}
	}

	private SqlTokenType read(char c, @Nullable SqlKeyword previousKeyword) {
		if (this.scanner.isNameStart(c)) {
			return readWord();
		}
		if (isDigit(c)) {
			return end(SqlTokenType.NUMBER, this.scanner.numberEnd(this.position));
		}
		return switch (c) {
			case '\'' -> readString(this.position, '\'', previousKeyword == SqlKeyword.ESCAPE);
			case '"' -> readDoubleQuoted(this.position, previousKeyword);
			case '`' -> readName(this.position, '`');
			case '[' -> readBracket();
			case ']' -> end(SqlTokenType.CLOSE_BRACKET, this.position + 1);
			case '(' -> end(SqlTokenType.OPEN, this.position + 1);
			case ')' -> end(SqlTokenType.CLOSE, this.position + 1);
			case ',' -> end(SqlTokenType.COMMA, this.position + 1);
			case ';' -> end(SqlTokenType.SEMICOLON, this.position + 1);
			case '.' -> readDot();
			case '?' -> readQuestionMark();
			case ':' -> readColon();
			case '$' -> readDollar();
			case '@' -> readAt();
			case '\\' -> readBackslash();
			case '\u2018', '\u201c' -> readTypographicQuote(c);
			default -> end(SqlTokenType.SYMBOL, this.position + 1);
		};
	}

	private SqlTokenType end(SqlTokenType type, int position) {
		this.position = position;
		return type;
	}

	private SqlTokenType readWord() {
		int end = this.scanner.nameEnd(this.position);
		char after = charAt(end);
		if (after == '\'' || after == '"') {
			if (after == '\'' && this.dialect.hasAlternativeQuoting() && isAnyOf(end, "q", "nq")) {
				return end(SqlTokenType.STRING, this.scanner.alternativeQuoteEnd(end));
			}
			if (isStringPrefix(end) && (after == '\'' || this.dialect.doubleQuotedStrings() == Answer.YES)) {
				return readString(end, after, false);
			}
		}
		if (after == '&' && isAnyOf(end, "u", "u")) {
			if (charAt(end + 1) == '\'') {
				return readString(end + 1, '\'', false);
			}
			if (charAt(end + 1) == '"') {
				return readDoubleQuoted(end + 1, null);
			}
		}
		this.keyword = SqlKeyword.of(this.sql, this.start, end);
		return end(SqlTokenType.WORD, end);
	}

	/** National, escaped, binary, graphic and raw strings, and MySQL's character sets. */
	private boolean isStringPrefix(int end) {
		return switch (end - this.start) {
			case 1 -> "nebxrgNEBXRG".indexOf(this.sql.charAt(this.start)) >= 0;
			case 2 -> isAnyOf(end, "bx", "gx") || isAnyOf(end, "ux", "br") || isAnyOf(end, "rb", "_b");
			default -> this.sql.charAt(this.start) == '_';
		};
	}

	private boolean isAnyOf(int end, String one, String other) {
		return is(end, one) || is(end, other);
	}

	private boolean is(int end, String word) {
		return end - this.start == word.length() && this.sql.regionMatches(true, this.start, word, 0, word.length());
	}

	private SqlTokenType readString(int quote, char delimiter, boolean afterEscape) {
		if (afterEscape && !this.wary && this.sql.startsWith("'\\'", quote) && charAt(quote + 3) != '\'') {
			// The one string that is only written where a backslash means nothing.
			this.scanner.doubt();
			return end(SqlTokenType.STRING, quote + 3);
		}
		boolean goesOn = quote == this.start && this.previousType == SqlTokenType.STRING && this.escapes;
		this.escapes = this.dialect.hasEscapePrefix() && (goesOn || (quote > this.start && is(quote, "e")));
		Answer backslash = this.escapes ? Answer.YES : this.wary ? Answer.UNCLEAR : this.dialect.backslashEscapes();
		boolean byDefault = !this.escapes && this.dialect.hasBackslashMode();
		this.position = this.scanner.quotedEnd(quote, delimiter, backslash, byDefault);
		return SqlTokenType.STRING;
	}

	/** ClickHouse knows the quotation marks of word processors. */
	private SqlTokenType readTypographicQuote(char open) {
		int close = this.sql.indexOf((open == '\u2018') ? '\u2019' : '\u201d', this.position);
		int end = (close >= 0) ? close + 1 : this.sql.length();
		boolean name = open == '\u201c' && close >= 0 && end - this.position <= MAX_NAME_LENGTH;
		return end(name ? SqlTokenType.QUOTED_NAME : SqlTokenType.STRING, end);
	}

	/** Outside of strings there is only MySQL's {@code \N}. */
	private SqlTokenType readBackslash() {
		if (charAt(this.position + 1) != 'N') {
			this.scanner.refute();
		}
		return end(SqlTokenType.SYMBOL, this.position + 1);
	}

	private SqlTokenType readDoubleQuoted(int quote, @Nullable SqlKeyword previousKeyword) {
		Answer string = this.dialect.doubleQuotedStrings();
		if (string == Answer.YES) {
			return readString(quote, '"', false);
		}
		SqlTokenType read = readName(quote, '"');
		if (read == SqlTokenType.QUOTED_NAME && string == Answer.UNCLEAR && !isNameExpected(previousKeyword)
				&& (this.dialect != SqlDialect.SQL_SERVER || isValueProbable(quote, previousKeyword))) {
			return SqlTokenType.STRING;
		}
		return read;
	}

	/**
	 * What is compared, assigned, one of a list, or nothing that anybody calls a column.
	 */
	private boolean isValueProbable(int quote, @Nullable SqlKeyword previousKeyword) {
		if (this.valuesDepth > 0 || this.previousType == SqlTokenType.SYMBOL) {
			return true;
		}
		if (previousKeyword != null) {
			switch (previousKeyword) {
				case LIKE, BETWEEN, THEN, ELSE, PRINT, RETURN -> {
					return true;
				}
				default -> {
				}
			}
		}
		char first = charAt(quote + 1);
		boolean name = Character.isLetter(first) || first == '_' || first == '#';
		for (int i = quote + 2; name && i < this.position - 1; i++) {
			char c = this.sql.charAt(i);
			name = Character.isLetterOrDigit(c) || " _#$-".indexOf(c) >= 0;
		}
		return !name;
	}

	private boolean isNameExpected(@Nullable SqlKeyword previousKeyword) {
		if (this.previousType == SqlTokenType.DOT || charAt(this.position) == '.') {
			return true;
		}
		return previousKeyword != null && switch (previousKeyword) {
			case FROM, JOIN, INTO, UPDATE, TABLE, AS -> true;
			default -> false;
		};
	}

	/** What nobody would use as a name is treated as a value. */
	private SqlTokenType readName(int quote, char delimiter) {
		Answer backslash = switch (this.dialect) {
			case CLICKHOUSE -> Answer.YES;
			case UNKNOWN -> Answer.UNCLEAR;
			default -> Answer.NO;
		};
		this.position = this.scanner.quotedEnd(quote, delimiter, backslash, false);
		return isPlausibleName(quote, delimiter) ? SqlTokenType.QUOTED_NAME : SqlTokenType.STRING;
	}

	private boolean isPlausibleName(int quote, char delimiter) {
		if (this.position - quote < 2 || this.position - quote > MAX_NAME_LENGTH
				|| this.sql.charAt(this.position - 1) != delimiter || this.scanner.isUnterminated()) {
			return false;
		}
		for (int i = quote; i < this.position; i++) {
			if (Character.isISOControl(this.sql.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private SqlTokenType readBracket() {
		Answer name = this.dialect.bracketNames();
		if (name == Answer.YES) {
			return readName(this.position, ']');
		}
		if (name == Answer.UNCLEAR) {
			int close = this.scanner.bracketEnd(this.position, MAX_BRACKET_LENGTH);
			this.cut = this.cut || !this.scanner.isBalanced(this.position, close);
		}
		return end(SqlTokenType.OPEN_BRACKET, this.position + 1);
	}

	private SqlTokenType readDot() {
		if (charAt(this.position + 1) == '.') {
			return end(SqlTokenType.SYMBOL, this.position + 2);
		}
		boolean qualifies = !this.spaceBefore && switch (this.previousType) {
			case WORD, QUOTED_NAME, DOT, CLOSE, CLOSE_BRACKET, PARAMETER -> true;
			default -> false;
		};
		if (!qualifies && isDigit(charAt(this.position + 1))) {
			return end(SqlTokenType.NUMBER, this.scanner.numberEnd(this.position));
		}
		return end(SqlTokenType.DOT, this.position + 1);
	}

	/** JDBC's {@code ??} is the operator {@code ?} of PostgreSQL. */
	private SqlTokenType readQuestionMark() {
		if (charAt(this.position + 1) == '?') {
			return end(SqlTokenType.SYMBOL, this.position + 2);
		}
		return end(SqlTokenType.PARAMETER, digitsEnd(this.position + 1));
	}

	private SqlTokenType readColon() {
		char after = charAt(this.position + 1);
		if (after == ':' || after == '=') {
			return end(SqlTokenType.SYMBOL, this.position + 2);
		}
		if (this.scanner.isNameStart(after)) {
			return end(SqlTokenType.PARAMETER, this.scanner.nameEnd(this.position + 1));
		}
		return end(SqlTokenType.SYMBOL, this.position + 1);
	}

	private SqlTokenType readAt() {
		int name = this.position + 1;
		if (charAt(name) == '@') {
			name++;
		}
		if (this.scanner.isNameStart(charAt(name))) {
			return end(SqlTokenType.PARAMETER, this.scanner.nameEnd(name));
		}
		return end(SqlTokenType.SYMBOL, this.position + 1);
	}

	private SqlTokenType readDollar() {
		char after = charAt(this.position + 1);
		if (isDigit(after) || (after == '.' && isDigit(charAt(this.position + 2)))) {
			// PostgreSQL's parameter or Transact-SQL's money.
			return end(SqlTokenType.PARAMETER, this.scanner.numberEnd(this.position + 1));
		}
		if (this.dialect.dollarQuotes() != Answer.NO) {
			int end = this.scanner.dollarQuoteEnd(this.position);
			if (end > this.position) {
				return end(SqlTokenType.STRING, end);
			}
		}
		if (this.scanner.isNameStart(after)) {
			return end(SqlTokenType.PARAMETER, this.scanner.nameEnd(this.position + 1));
		}
		return end(SqlTokenType.SYMBOL, this.position + 1);
	}

	private int digitsEnd(int from) {
		int end = from;
		while (isDigit(charAt(end))) {
			end++;
		}
		return end;
	}

	private char charAt(int index) {
		return (index < this.sql.length()) ? this.sql.charAt(index) : '\0';
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	/** The keyword that the token is, {@code null} if it is another word or no word. */
	@Nullable SqlKeyword keyword() {
		return this.keyword;
	}

	/** Where the token begins in the text. */
	int start() {
		return this.start;
	}

	/** Where the token ends in the text. */
	int end() {
		return this.position;
	}

	/** Whether there are blanks or comments before the token. */
	boolean hasSpaceBefore() {
		return this.spaceBefore;
	}

	/** The first character of the token. */
	char first() {
		return charAt(this.start);
	}

	/** The character after the token, 0 at the end. */
	char following() {
		return charAt(this.position);
	}

	/** Whether the rest of the text wasn't read, as it can't be read safely. */
	boolean isCut() {
		return this.cut || this.scanner.isCut();
	}

	/** Whether the text may turn out to be misread. */
	boolean isDoubtful() {
		return this.scanner.isDoubtful();
	}

	/**
	 * Whether the database is not in its default mode, so that strings were taken for
	 * something else and the other way round. Known at the end of the text.
	 */
	boolean isMisread() {
		return this.scanner.isMisread();
	}

}
