package dev.apm4j.instrument.jdbc;

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds passwords that are written like names: {@code IDENTIFIED BY secret},
 * {@code ALTER USER x PASSWORD "secret"}, {@code SET PASSWORD = secret}. Only in
 * statements for administrators, so that columns with such a name keep it. And values
 * that are: arguments of Transact-SQL's {@code EXEC p word}, and those of PostgreSQL's
 * {@code SET my.variable = word}.
 */
final class SqlSecrets {

	private static final int MAX_WORD_LENGTH = 64;

	private static final Set<String> SQLITE_KEYS = Set.of("KEY", "REKEY", "HEXKEY", "HEXREKEY", "TEXTKEY", "TEXTREKEY");

	private final SqlDialect dialect;

	private final SqlWordArguments arguments = new SqlWordArguments();

	private @Nullable SqlKeyword operation;

	/**
	 * Whether the statement is about tables and the like, which may have such columns.
	 */
	private boolean columns;

	private boolean identified;

	private boolean expected;

	/** Whether all names that follow are suspect. */
	private boolean all;

	private @Nullable SqlKeyword previous;

	/** Whether there was a dot in the name of what is SET. */
	private boolean dotted;

	SqlSecrets(SqlDialect dialect) {
		this.dialect = dialect;
	}

	/**
	 * Looks at the next token.
	 * @param type its type
	 * @param lexer the lexer, at the token
	 * @param sql the text
	 * @return whether the token is a secret
	 */
	boolean test(SqlTokenType type, SqlLexer lexer, String sql) {
		SqlKeyword keyword = lexer.keyword();
		boolean secret = this.arguments.test(type, lexer);
		if (secret) {
			return true;
		}
		switch (type) {
			case WORD -> {
				secret = (this.expected || this.all) && !isBetween(keyword);
				this.expected = this.expected && !secret;
				if (!secret) {
					read(keyword, lexer, sql);
				}
				this.previous = keyword;
			}
			case QUOTED_NAME -> {
				secret = this.expected || this.all;
				this.expected = false;
			}
			case SEMICOLON -> reset();
			case STRING, NUMBER, PARAMETER, CLOSE -> this.expected = false;
			// Oracle's GRANT r TO u, v IDENTIFIED BY x, y
			case COMMA -> this.expected = this.expected || (this.identified && this.operation == SqlKeyword.GRANT);
			case DOT -> this.dotted = this.dotted || this.operation == SqlKeyword.SET;
			case SYMBOL -> {
				char symbol = lexer.first();
				if (symbol == '=') {
					assign();
				}
				else if (symbol == '/' && this.operation == SqlKeyword.CONNECT) {
					this.expected = true;
				}
			}
			default -> {
			}
		}
		return secret;
	}

	private void assign() {
		boolean variable = switch (this.dialect) {
			case POSTGRESQL, REDSHIFT, UNKNOWN -> true;
			default -> false;
		};
		this.expected = this.expected || (variable && this.dotted);
	}

	private void reset() {
		this.operation = null;
		this.columns = false;
		this.identified = false;
		this.expected = false;
		this.all = false;
		this.dotted = false;
	}

	/**
	 * Words that may be between PASSWORD, or a user whose name sounds like that, and the
	 * password.
	 */
	private static boolean isBetween(@Nullable SqlKeyword keyword) {
		return keyword == SqlKeyword.TO || keyword == SqlKeyword.AS || keyword == SqlKeyword.BY
				|| keyword == SqlKeyword.FOR || keyword == SqlKeyword.VALUES || keyword == SqlKeyword.NULL
				|| keyword == SqlKeyword.IDENTIFIED;
	}

	private void read(@Nullable SqlKeyword keyword, SqlLexer lexer, String sql) {
		if (this.operation == null) {
			this.operation = (keyword != null) ? keyword
					: word(lexer, sql).equals("CONN") ? SqlKeyword.CONNECT : SqlKeyword.END;
			return;
		}
		if (this.operation == SqlKeyword.SET && keyword == SqlKeyword.TO) {
			assign();
		}
		if (keyword == SqlKeyword.IDENTIFIED) {
			this.identified = true;
		}
		else if (keyword == SqlKeyword.BY && this.identified) {
			this.expected = true;
		}
		else if (keyword == SqlKeyword.REPLACE && this.identified) {
			// Oracle's old password behind the new one.
			this.expected = true;
		}
		else if (keyword == SqlKeyword.USING && this.operation == SqlKeyword.CONNECT) {
			// Db2's CONNECT TO d USER u USING x NEW y CONFIRM y
			this.expected = true;
			this.all = true;
		}
		else if (isKeyOfFile(lexer, sql)) {
			this.expected = true;
		}
		else if (isOfColumns(keyword)) {
			this.columns = true;
		}
		else if (!this.columns && keyword == null && isForAdministrators(this.operation) && isSecretWord(lexer, sql)) {
			this.expected = true;
			this.all = this.operation == SqlKeyword.SET;
		}
	}

	private boolean isOfColumns(@Nullable SqlKeyword keyword) {
		if (keyword == null) {
			return false;
		}
		return switch (keyword) {
			case TABLE, VIEW, INDEX, PROCEDURE, FUNCTION, TRIGGER -> true;
			// GRANT SELECT (password) ON t
			case ON -> this.previous != SqlKeyword.IDENTIFIED;
			default -> false;
		};
	}

	private static boolean isForAdministrators(SqlKeyword operation) {
		return switch (operation) {
			case CREATE, ALTER, SET, GRANT, CONNECT, START, BACKUP, RESTORE, ATTACH, OPEN, RESET, COPY, UNLOAD, PRAGMA,
					EXPORT, IMPORT, SCRIPT, RUNSCRIPT, USE, END ->
				true;
			default -> false;
		};
	}

	/** SQLite's with encryption: PRAGMA key = x, ATTACH f AS d KEY x. */
	private boolean isKeyOfFile(SqlLexer lexer, String sql) {
		return (this.operation == SqlKeyword.PRAGMA && SQLITE_KEYS.contains(word(lexer, sql)))
				|| (this.operation == SqlKeyword.ATTACH && word(lexer, sql).equals("KEY"));
	}

	private static String word(SqlLexer lexer, String sql) {
		int end = Math.min(lexer.end(), lexer.start() + MAX_WORD_LENGTH);
		return sql.substring(lexer.start(), end).toUpperCase(Locale.ROOT);
	}

	private static boolean isSecretWord(SqlLexer lexer, String sql) {
		String word = word(lexer, sql);
		return word.contains("PASSW") || word.contains("PASSPHRASE") || word.contains("PWD") || word.contains("SECRET")
				|| word.contains("TOKEN") || word.contains("CREDENTIALS");
	}

}
