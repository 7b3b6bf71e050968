package dev.apm4j.instrument.jdbc;

/**
 * Finds the data that some statements have behind them in the same text:
 * {@code COPY t FROM STDIN; ...} of PostgreSQL, {@code INSERT INTO t FORMAT CSV ...} of
 * ClickHouse. Rows in such formats have no quotes to be known by, so all of it is left
 * out.
 */
final class SqlInlineData {

	private enum State {

		BEGIN, OTHER, COPY, COPY_FROM_INPUT, INSERT, FORMAT

	}

	private final String sql;

	private final SqlDialect dialect;

	private State state = State.BEGIN;

	SqlInlineData(String sql, SqlDialect dialect) {
		this.sql = sql;
		this.dialect = dialect;
	}

	/**
	 * Looks at the next token.
	 * @param type its type
	 * @param lexer the lexer, at the token
	 * @return whether everything behind the token is data
	 */
	boolean beginsBehind(SqlTokenType type, SqlLexer lexer) {
		if (this.state == State.OTHER) {
			return false;
		}
		if (type == SqlTokenType.SEMICOLON) {
			boolean data = this.state == State.COPY_FROM_INPUT && goesOn(lexer);
			this.state = State.BEGIN;
			return data;
		}
		if (type == SqlTokenType.WORD) {
			return word(lexer);
		}
		this.state = switch (this.state) {
			case BEGIN -> State.OTHER;
			case FORMAT -> State.INSERT;
			default -> this.state;
		};
		return false;
	}

	private boolean word(SqlLexer lexer) {
		switch (this.state) {
			case BEGIN -> this.state = first(lexer);
			case COPY -> this.state = is(lexer, "STDIN") ? State.COPY_FROM_INPUT : State.COPY;
			case INSERT -> this.state = is(lexer, "FORMAT") ? State.FORMAT : State.INSERT;
			case FORMAT -> {
				this.state = State.OTHER;
				return lexer.keyword() == null && goesOn(lexer);
			}
			default -> {
			}
		}
		return false;
	}

	private State first(SqlLexer lexer) {
		if (lexer.keyword() == SqlKeyword.COPY) {
			return State.COPY;
		}
		boolean formats = this.dialect == SqlDialect.CLICKHOUSE;
		return (lexer.keyword() == SqlKeyword.INSERT && formats) ? State.INSERT : State.OTHER;
	}

	private boolean is(SqlLexer lexer, String word) {
		int length = lexer.end() - lexer.start();
		return length == word.length() && this.sql.regionMatches(true, lexer.start(), word, 0, length);
	}

	private boolean goesOn(SqlLexer lexer) {
		int i = lexer.end();
		while (i < this.sql.length() && this.sql.charAt(i) <= ' ') {
			i++;
		}
		return i < this.sql.length();
	}

}
