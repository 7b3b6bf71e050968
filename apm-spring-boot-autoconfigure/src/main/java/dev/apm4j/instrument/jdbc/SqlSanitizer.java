package dev.apm4j.instrument.jdbc;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Takes the values out of SQL text: what is left is the same for all statements that
 * differ only in values, and may be shown to anybody who may know the tables' names.
 * <p>
 * Strings in every quoting, numbers with their sign, booleans (but not behind
 * {@code IS}), {@code DATE}, {@code TIME} and {@code TIMESTAMP} literals and JDBC's
 * {@code {d '..'}} become {@code ?}; of {@code INTERVAL '1' DAY} word and unit stay.
 * {@code NULL} stays. {@code ?1} and {@code $1} become {@code ?}, as the numbers depend
 * on the lengths of lists; {@code :name} and {@code @name} stay outside lists. Lists of
 * values become one value, rows behind {@code VALUES} one row. Comments are dropped,
 * hints too; blanks become one space. Passwords that are no literals are masked.
 * Everything else stays as it is written.
 * <p>
 * One pass, in time linear to the text, memory bounded by the limit. Immutable, for any
 * thread; never throws.
 * <p>
 * A MySQL in the mode {@code NO_BACKSLASH_ESCAPES} and a PostgreSQL without
 * {@code standard_conforming_strings} read a backslash before a quotation mark in another
 * way than their defaults. A text that makes no sense in the default mode is read a
 * second time and ends at that backslash. What can't be known from the text: a column and
 * a string look alike in a SQL Server with {@code QUOTED_IDENTIFIER OFF}; what is not
 * compared with anything is taken for a column. Sources: {@link SqlDialect}.
 */
final class SqlSanitizer {

	/** Characters of a sanitised text, if nothing else is said. */
	static final int DEFAULT_LIMIT = 4096;

	private static final int MIN_LIMIT = 16;

	/** How far to look for a table's name when the text is full. */
	private static final int MAX_SEARCH = 262144;

	private final SqlDialect dialect;

	private final int limit;

	SqlSanitizer(SqlDialect dialect) {
		this(dialect, DEFAULT_LIMIT);
	}

	/**
	 * Creates the sanitiser of a database.
	 * @param dialect what the database takes for a literal
	 * @param limit characters of a sanitised text, at least 16
	 */
	SqlSanitizer(SqlDialect dialect, int limit) {
		this.dialect = dialect;
		this.limit = Math.max(MIN_LIMIT, limit);
	}

	SqlStatement sanitize(String sql) {
		Run run = new Run(sql, this.dialect, this.limit, false);
		SqlStatement statement = run.sanitize();
		return run.lexer.isMisread() ? new Run(sql, this.dialect, this.limit, true).sanitize() : statement;
	}

	/**
	 * The names of the columns that the parameters of a statement belong to. Costs as
	 * much as sanitising and isn't cached.
	 * @param sql the text
	 * @return an element for each {@code ?}, {@code null} where no column is visible; the
	 * first 64 at most
	 */
	List<@Nullable String> parameterNames(String sql) {
		return new SqlParameterNames(sql, this.dialect).read();
	}

	private static final class Run {

		private final String sql;

		private final SqlLexer lexer;

		private final SqlText text;

		private final SqlSubject subject;

		private final SqlSecrets secrets;

		private final SqlInlineData data;

		/** A sign that belongs to a number if one follows. */
		private int sign = -1;

		private boolean spaceBeforeSign;

		private SqlTokenType previousType = SqlTokenType.SEMICOLON;

		private @Nullable SqlKeyword previousKeyword;

		private @Nullable SqlKeyword beforePreviousKeyword;

		/** A word of JDBC's escape syntax whose literal follows. */
		private boolean escapeWord;

		private boolean braceOpen;

		/** Whether the brace that comes is part of a literal. */
		private boolean skipBrace;

		/** Whether the last token was a secret, to which what sticks to it belongs. */
		private boolean secretBefore;

		Run(String sql, SqlDialect dialect, int limit, boolean wary) {
			this.sql = sql;
			this.lexer = new SqlLexer(sql, dialect, wary);
			this.text = new SqlText(limit);
			this.subject = new SqlSubject(sql);
			this.secrets = new SqlSecrets(dialect);
			this.data = new SqlInlineData(sql, dialect);
		}

		SqlStatement sanitize() {
			int fullAt = -1;
			boolean doubtful = false;
			boolean complete = false;
			while (true) {
				SqlTokenType type = this.lexer.next();
				this.subject.accept(type, this.lexer);
				if (type == SqlTokenType.END) {
					complete = true;
					break;
				}
				if (!this.text.isFull()) {
					write(type);
					if (this.data.beginsBehind(type, this.lexer)) {
						break;
					}
				}
				else {
					doubtful = (fullAt < 0) ? this.lexer.isDoubtful() : doubtful;
					fullAt = (fullAt < 0) ? this.lexer.end() : fullAt;
					boolean enough = this.subject.isSettled() || this.lexer.end() - fullAt > MAX_SEARCH;
					if (enough && (!doubtful || this.lexer.isMisread())) {
						break;
					}
				}
			}
			writeSign();
			boolean cut = !complete || this.lexer.isCut();
			String sanitized = this.text.finish(cut);
			return SqlStatement.of(sanitized, this.subject.operation(), this.subject.collection(),
					this.text.isShortened(cut));
		}

		private void write(SqlTokenType type) {
			if (this.secretBefore && !this.lexer.hasSpaceBefore() && type != SqlTokenType.SEMICOLON
					&& type != SqlTokenType.COMMA && type != SqlTokenType.CLOSE && type != SqlTokenType.OPEN) {
				return;
			}
			this.secretBefore = this.secrets.test(type, this.lexer, this.sql);
			if (this.secretBefore) {
				writeSign();
				this.text.value(this.lexer.hasSpaceBefore());
			}
			else {
				writeToken(type);
			}
			this.escapeWord = type == SqlTokenType.WORD && this.braceOpen && isEscapeWord();
			this.braceOpen = type == SqlTokenType.SYMBOL && this.lexer.first() == '{';
			this.previousType = type;
			this.beforePreviousKeyword = this.previousKeyword;
			this.previousKeyword = this.lexer.keyword();
		}

		private void writeToken(SqlTokenType type) {
			boolean space = this.lexer.hasSpaceBefore();
			if (type == SqlTokenType.NUMBER) {
				this.text.value((this.sign >= 0) ? this.spaceBeforeSign : space);
				this.sign = -1;
				return;
			}
			writeSign();
			switch (type) {
				case WORD -> writeWord(space);
				case STRING -> writeString(space);
				case PARAMETER -> writeParameter(space);
				case OPEN -> this.text.open('(', this.previousKeyword == SqlKeyword.IN, space);
				case OPEN_BRACKET -> this.text.open('[', true, space);
				case CLOSE -> this.text.close(')', space);
				case CLOSE_BRACKET -> this.text.close(']', space);
				case COMMA -> this.text.comma(space);
				case SYMBOL -> writeSymbol(space);
				default -> this.text.token(this.sql, this.lexer.start(), this.lexer.end(), space);
			}
		}

		private void writeWord(boolean space) {
			int start = this.lexer.start();
			int end = this.lexer.end();
			SqlKeyword keyword = (this.previousType != SqlTokenType.DOT) ? this.lexer.keyword() : null;
			if (keyword == null) {
				this.text.token(this.sql, start, end, space);
				return;
			}
			switch (keyword) {
				case TRUE, FALSE -> {
					if (isBehindIs()) {
						this.text.token(this.sql, start, end, space);
					}
					else {
						this.text.value(space);
					}
				}
				case NULL, DEFAULT -> this.text.nullWord(this.sql, start, end, space);
				case ROW -> this.text.rowWord(this.sql, start, end, space);
				case VALUES -> {
					this.text.token(this.sql, start, end, space);
					this.text.beginRows();
				}
				default -> this.text.token(this.sql, start, end, space);
			}
		}

		private boolean isBehindIs() {
			SqlKeyword before = (this.previousKeyword == SqlKeyword.NOT) ? this.beforePreviousKeyword
					: this.previousKeyword;
			return before == SqlKeyword.IS;
		}

		private void writeString(boolean space) {
			if (this.escapeWord) {
				this.text.replaceLast(2);
				this.skipBrace = true;
			}
			else if (this.previousKeyword == SqlKeyword.DATE || this.previousKeyword == SqlKeyword.TIME
					|| this.previousKeyword == SqlKeyword.TIMESTAMP) {
				this.text.replaceLast(1);
			}
			else if (this.previousType != SqlTokenType.STRING) {
				this.text.value(space);
			}
		}

		private void writeParameter(boolean space) {
			int start = this.lexer.start();
			char first = this.lexer.first();
			char second = (this.lexer.end() - start > 1) ? this.sql.charAt(start + 1) : '\0';
			if (first == '?' || (first == '$' && (second == '.' || (second >= '0' && second <= '9')))) {
				this.text.value(space);
			}
			else {
				this.text.parameter(this.sql, start, this.lexer.end(), space);
			}
		}

		private void writeSymbol(boolean space) {
			char first = this.lexer.first();
			boolean one = this.lexer.end() - this.lexer.start() == 1;
			if (first == '}' && this.skipBrace) {
				this.skipBrace = false;
			}
			else if (one && (first == '-' || first == '+') && !endsValue()) {
				this.sign = this.lexer.start();
				this.spaceBeforeSign = space;
			}
			else {
				this.text.token(this.sql, this.lexer.start(), this.lexer.end(), space);
			}
		}

		private void writeSign() {
			if (this.sign >= 0) {
				this.text.token(this.sql, this.sign, this.sign + 1, this.spaceBeforeSign);
				this.sign = -1;
			}
		}

		/** Whether a sign that follows is an operator between two values. */
		private boolean endsValue() {
			return switch (this.previousType) {
				case WORD -> this.previousKeyword == null || !isBeforeValue(this.previousKeyword);
				case QUOTED_NAME, STRING, NUMBER, PARAMETER, CLOSE, CLOSE_BRACKET -> true;
				default -> false;
			};
		}

		private static boolean isBeforeValue(SqlKeyword keyword) {
			return switch (keyword) {
				case SELECT, SET, ALL, AND, AS, BETWEEN, BY, CALL, CASE, DEFAULT, DISTINCT, DIV, ELSE, EXCEPT, FOR,
						FROM, HAVING, ILIKE, IN, INTERVAL, INTERSECT, IS, LIKE, LIMIT, MINUS, MOD, NOT, OFFSET, ON, OR,
						RETURN, RETURNING, THEN, TO, TOP, UNION, USING, VALUES, WHEN, WHERE, WITH ->
					true;
				default -> false;
			};
		}

		private boolean isEscapeWord() {
			int start = this.lexer.start();
			int length = this.lexer.end() - start;
			char first = Character.toLowerCase(this.sql.charAt(start));
			boolean one = length == 1 && (first == 'd' || first == 't');
			return one || (length == 2 && this.sql.regionMatches(true, start, "ts", 0, 2));
		}

	}

}
