package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What differs between databases for somebody who only has to find the literals.
 * <p>
 * {@link Answer#UNCLEAR} is what keeps a literal from being shown when nobody knows how
 * the database reads the text: where both readings end at the same place the more
 * secretive one is taken, where they don't, the rest of the statement isn't shown.
 * <p>
 * Sources: the PostgreSQL documentation 4.1 "Lexical Structure", the MySQL manual 9.1
 * "Literal Values" and 9.7 "Comments", Microsoft's Transact-SQL reference ("Constants",
 * "Database identifiers", "Slash star comment"), the Oracle SQL reference "Literals", and
 * the grammar pages of Db2, H2, HSQLDB, Derby, SQLite and ClickHouse.
 */
enum SqlDialect {

	POSTGRESQL(new Rules().nestedComments(Answer.YES)
		.dollarQuotes(Answer.YES)
		.escapePrefix()
		.backslashMode()
		.onlyLettersBeyondAscii()),

	/** Its ancestor is a PostgreSQL in which a backslash still was an escape. */
	REDSHIFT(new Rules().nestedComments(Answer.YES)
		.dollarQuotes(Answer.YES)
		.escapePrefix()
		.backslashEscapes(Answer.UNCLEAR)
		.onlyLettersBeyondAscii()),

	/** MySQL and MariaDB. */
	MYSQL(new Rules().doubleQuotedStrings(Answer.YES)
		.backslashEscapes(Answer.YES)
		.hashComments(Answer.YES)
		.dollarQuotes(Answer.UNCLEAR)
		.dashesNeedSpace(Answer.YES)
		.backslashMode()
		.onlyLettersBeyondAscii()),

	ORACLE(new Rules().hashInNames().alternativeQuoting()),

	/**
	 * With {@code QUOTED_IDENTIFIER OFF} what is in double quotes is a string; that is
	 * only assumed where a name is improbable.
	 */
	SQL_SERVER(new Rules().doubleQuotedStrings(Answer.UNCLEAR)
		.nestedComments(Answer.YES)
		.hashInNames()
		.bracketNames(Answer.YES)),

	DB2(new Rules().nestedComments(Answer.UNCLEAR).hashInNames()),

	H2(new Rules().nestedComments(Answer.YES).dollarQuotes(Answer.YES).slashComments(Answer.YES)),

	/** A double-quoted name that doesn't exist is a string there. */
	SQLITE(new Rules().doubleQuotedStrings(Answer.UNCLEAR).bracketNames(Answer.YES).onlyLettersBeyondAscii()),

	CLICKHOUSE(new Rules().backslashEscapes(Answer.YES)
		.nestedComments(Answer.UNCLEAR)
		.hashComments(Answer.UNCLEAR)
		.dollarQuotes(Answer.YES)),

	/** HSQLDB, Derby and others that follow ISO/IEC 9075-2 clause 5. */
	STANDARD(new Rules().nestedComments(Answer.UNCLEAR).slashComments(Answer.UNCLEAR)),

	UNKNOWN(new Rules().doubleQuotedStrings(Answer.YES)
		.backslashEscapes(Answer.UNCLEAR)
		.nestedComments(Answer.UNCLEAR)
		.hashComments(Answer.UNCLEAR)
		.slashComments(Answer.UNCLEAR)
		.dollarQuotes(Answer.UNCLEAR)
		.bracketNames(Answer.UNCLEAR)
		.dashesNeedSpace(Answer.UNCLEAR)
		.alternativeQuoting());

	private final Rules rules;

	SqlDialect(Rules rules) {
		this.rules = rules;
	}

	/**
	 * The dialect of a database.
	 * @param system value of {@code db.system.name}
	 * @return the dialect, {@link #UNKNOWN} if there is none of its own
	 */
	static SqlDialect of(@Nullable String system) {
		return switch ((system != null) ? system : "") {
			case "postgresql", "cockroachdb" -> POSTGRESQL;
			case "aws.redshift" -> REDSHIFT;
			case "mysql", "mariadb" -> MYSQL;
			case "oracle.db" -> ORACLE;
			case "microsoft.sql_server" -> SQL_SERVER;
			case "ibm.db2" -> DB2;
			case "h2database" -> H2;
			case "sqlite" -> SQLITE;
			case "clickhouse" -> CLICKHOUSE;
			case "hsqldb", "derby", "sap.hana", "trino" -> STANDARD;
			default -> UNKNOWN;
		};
	}

	/** Whether {@code "x"} is a string. */
	Answer doubleQuotedStrings() {
		return this.rules.doubleQuotedStrings;
	}

	/** Whether {@code \'} in a string isn't its end. */
	Answer backslashEscapes() {
		return this.rules.backslashEscapes;
	}

	/** Whether a comment may contain a comment. */
	Answer nestedComments() {
		return this.rules.nestedComments;
	}

	/** Whether {@code #} begins a comment. */
	Answer hashComments() {
		return this.rules.hashComments;
	}

	/** Whether {@code //} begins a comment. */
	Answer slashComments() {
		return this.rules.slashComments;
	}

	/** Whether {@code $$x$$} and {@code $tag$x$tag$} are strings. */
	Answer dollarQuotes() {
		return this.rules.dollarQuotes;
	}

	/** Whether {@code [x]} is a name. */
	Answer bracketNames() {
		return this.rules.bracketNames;
	}

	/** Whether {@code --} is only a comment with a blank behind it. */
	Answer dashesNeedSpace() {
		return this.rules.dashesNeedSpace;
	}

	/** Whether {@code #} is a letter. */
	boolean hasHashInNames() {
		return this.rules.hashInNames;
	}

	/** Whether {@code q'[x]'} is a string. */
	boolean hasAlternativeQuoting() {
		return this.rules.alternativeQuoting;
	}

	/** Whether {@code E'x'} is a string with backslash escapes. */
	boolean hasEscapePrefix() {
		return this.rules.escapePrefix;
	}

	/**
	 * Whether there is a mode in which a backslash means something else in a string:
	 * {@code NO_BACKSLASH_ESCAPES}, {@code standard_conforming_strings = off}.
	 */
	boolean hasBackslashMode() {
		return this.rules.backslashMode;
	}

	/** Whether all characters beyond ASCII are letters, even blanks. */
	boolean hasOnlyLettersBeyondAscii() {
		return this.rules.onlyLettersBeyondAscii;
	}

	/** Whether a string or name begins with a character of this kind. */
	boolean isTypographicQuote(char c) {
		return (this == CLICKHOUSE || this == UNKNOWN) && (c == '\u2018' || c == '\u201c');
	}

	enum Answer {

		YES, NO, UNCLEAR

	}

	private static final class Rules {

		private Answer doubleQuotedStrings = Answer.NO;

		private Answer backslashEscapes = Answer.NO;

		private Answer nestedComments = Answer.NO;

		private Answer hashComments = Answer.NO;

		private Answer slashComments = Answer.NO;

		private Answer dollarQuotes = Answer.NO;

		private Answer bracketNames = Answer.NO;

		private Answer dashesNeedSpace = Answer.NO;

		private boolean hashInNames;

		private boolean alternativeQuoting;

		private boolean escapePrefix;

		private boolean backslashMode;

		private boolean onlyLettersBeyondAscii;

		Rules doubleQuotedStrings(Answer answer) {
			this.doubleQuotedStrings = answer;
			return this;
		}

		Rules backslashEscapes(Answer answer) {
			this.backslashEscapes = answer;
			return this;
		}

		Rules nestedComments(Answer answer) {
			this.nestedComments = answer;
			return this;
		}

		Rules hashComments(Answer answer) {
			this.hashComments = answer;
			return this;
		}

		Rules slashComments(Answer answer) {
			this.slashComments = answer;
			return this;
		}

		Rules dollarQuotes(Answer answer) {
			this.dollarQuotes = answer;
			return this;
		}

		Rules bracketNames(Answer answer) {
			this.bracketNames = answer;
			return this;
		}

		Rules dashesNeedSpace(Answer answer) {
			this.dashesNeedSpace = answer;
			return this;
		}

		Rules hashInNames() {
			this.hashInNames = true;
			return this;
		}

		Rules alternativeQuoting() {
			this.alternativeQuoting = true;
			return this;
		}

		Rules escapePrefix() {
			this.escapePrefix = true;
			return this;
		}

		Rules backslashMode() {
			this.backslashMode = true;
			return this;
		}

		Rules onlyLettersBeyondAscii() {
			this.onlyLettersBeyondAscii = true;
			return this;
		}

	}

}
