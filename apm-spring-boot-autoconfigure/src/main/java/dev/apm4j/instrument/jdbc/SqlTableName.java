package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * Reads the name of a table or procedure, with what qualifies it: as it is written, but
 * without quotes.
 */
final class SqlTableName {

	private static final int MAX_LENGTH = 256;

	/** Where a name may come. */
	enum Place {

		/** FROM and JOIN: what has arguments is a function. */
		FROM,

		/** The one thing that the statement changes. */
		TARGET,

		/** Behind DELETE, where an alias may be, or FROM. */
		CANDIDATE,

		PROCEDURE

	}

	private enum State {

		NONE, FIRST, DOT_OR_END, PART

	}

	private final String sql;

	private final StringBuilder name = new StringBuilder();

	private Place place = Place.FROM;

	private State state = State.NONE;

	private int depth;

	private boolean nested;

	private boolean candidate;

	private boolean refused;

	SqlTableName(String sql) {
		this.sql = sql;
	}

	void expect(Place place) {
		this.place = place;
		this.state = State.FIRST;
		this.depth = 0;
		this.name.setLength(0);
	}

	void forget() {
		this.state = State.NONE;
	}

	boolean isExpected() {
		return this.state != State.NONE;
	}

	/** Whether the word that came last is part of a name. */
	boolean isInside() {
		return this.state == State.DOT_OR_END || this.state == State.PART;
	}

	/** Whether the last name may be followed by a better one. */
	boolean isCandidate() {
		return this.candidate;
	}

	/** Whether the last name was in parentheses, as of a join. */
	boolean isDeep() {
		return this.nested;
	}

	/** Whether there was something else where a procedure's name should be. */
	boolean isRefused() {
		return this.refused;
	}

	/**
	 * Looks at the next token.
	 * @param type its type
	 * @param lexer the lexer, at the token
	 * @return the name, if the token is the first behind it
	 */
	@Nullable String accept(SqlTokenType type, SqlLexer lexer) {
		return switch (this.state) {
			case NONE -> null;
			case FIRST -> first(type, lexer);
			case PART -> part(type, lexer);
			case DOT_OR_END -> dotOrEnd(type, lexer);
		};
	}

	private @Nullable String first(SqlTokenType type, SqlLexer lexer) {
		switch (type) {
			case WORD -> {
				SqlKeyword keyword = lexer.keyword();
				if (keyword == null || !isSkipped(keyword)) {
					firstWord(keyword, lexer);
				}
			}
			case QUOTED_NAME -> add(lexer);
			case OPEN -> this.depth++;
			case CLOSE -> {
				this.depth--;
				if (this.depth < 0) {
					this.state = State.NONE;
				}
			}
			case SYMBOL -> {
				boolean part = "{*=".indexOf(lexer.first()) >= 0;
				this.state = part ? State.FIRST : State.NONE;
			}
			case PARAMETER, NUMBER -> {
				if (this.place == Place.FROM) {
					this.state = State.NONE;
				}
			}
			case COMMA -> this.state = (this.depth > 0) ? State.FIRST : State.NONE;
			default -> this.state = State.NONE;
		}
		return null;
	}

	private void firstWord(@Nullable SqlKeyword keyword, SqlLexer lexer) {
		if (this.depth > 0 && this.place != Place.FROM) {
			// An argument of TOP (n), or a query instead of a table.
			return;
		}
		if (keyword != null && isNoName(keyword)) {
			this.refused = true;
			this.state = State.NONE;
			return;
		}
		add(lexer);
	}

	private void add(SqlLexer lexer) {
		if (this.depth > 0 && this.place != Place.FROM) {
			return;
		}
		this.name.append(plain(this.sql, lexer.start(), lexer.end()));
		this.state = State.DOT_OR_END;
	}

	private @Nullable String part(SqlTokenType type, SqlLexer lexer) {
		if (type == SqlTokenType.WORD || type == SqlTokenType.QUOTED_NAME) {
			add(lexer, type);
		}
		else if (type == SqlTokenType.DOT) {
			this.name.append('.');
		}
		else {
			this.state = State.NONE;
		}
		return null;
	}

	private void add(SqlLexer lexer, SqlTokenType type) {
		if (this.name.length() <= MAX_LENGTH) {
			this.name.append(plain(this.sql, lexer.start(), lexer.end()));
		}
		this.state = State.DOT_OR_END;
	}

	private @Nullable String dotOrEnd(SqlTokenType type, SqlLexer lexer) {
		// Transact-SQL's two dots stand for the default schema.
		if (type == SqlTokenType.DOT || (type == SqlTokenType.SYMBOL && lexer.first() == '.')) {
			if (this.name.length() <= MAX_LENGTH) {
				this.name.append(this.sql, lexer.start(), lexer.end());
			}
			this.state = State.PART;
			return null;
		}
		this.state = State.NONE;
		// Db2's FINAL TABLE (INSERT ...) is no table either.
		boolean function = this.place == Place.FROM
				&& (type == SqlTokenType.OPEN || lexer.keyword() == SqlKeyword.TABLE);
		if (function || this.name.length() > MAX_LENGTH) {
			return null;
		}
		this.nested = this.depth > 0;
		this.candidate = this.place == Place.CANDIDATE;
		return this.name.toString();
	}

	/** Words between the one that announces a name and the name. */
	private boolean isSkipped(SqlKeyword keyword) {
		return switch (keyword) {
			case ONLY, LATERAL, IF, NOT, EXISTS, IGNORE, LOW_PRIORITY, HIGH_PRIORITY, DELAYED, QUICK, OVERWRITE, TABLE,
					TABLES, TOP, FULL, VERBOSE, LOCAL, OJ, CONCURRENTLY, RECURSIVE, ALL, FIRST ->
				true;
			case OR, REPLACE, ABORT, ROLLBACK, ANALYZE -> this.place == Place.TARGET;
			case PROCEDURE -> this.place == Place.PROCEDURE;
			default -> false;
		};
	}

	private boolean isNoName(SqlKeyword keyword) {
		return switch (keyword) {
			case SELECT, WITH, VALUES, FROM, INTO, SET, WHERE, JOIN, ON, AS, IMMEDIATE, USING, TO, UPDATE, INSERT,
					DELETE, MERGE, WHEN ->
				true;
			case FUNCTION, DATABASE, PROCEDURE, VIEW, INDEX, TRIGGER, COLUMN, SCHEMA, SEQUENCE, MATERIALIZED ->
				this.place == Place.TARGET;
			// CALL NEXT VALUE FOR sequence
			case NEXT -> this.place == Place.PROCEDURE;
			default -> false;
		};
	}

	/** A name without its quotes. */
	static String plain(String sql, int start, int end) {
		int from = start;
		int to = end;
		while (from < to && (sql.charAt(from) == '&' || (sql.charAt(from) | 0x20) == 'u')
				&& sql.startsWith("\"", Math.min(sql.length(), (sql.charAt(from) == '&') ? from + 1 : from + 2))) {
			from++;
		}
		char first = (from < to) ? sql.charAt(from) : '\0';
		boolean quoted = first == '"' || first == '`' || first == '[';
		if (quoted && to - from >= 2) {
			from++;
			to--;
		}
		return sql.substring(from, Math.min(to, from + MAX_LENGTH + 1));
	}

}
