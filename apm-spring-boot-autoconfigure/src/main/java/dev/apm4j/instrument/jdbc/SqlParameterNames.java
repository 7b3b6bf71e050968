package dev.apm4j.instrument.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds the columns that parameters belong to, so that values may be masked by their
 * names: {@code col = ?}, {@code lower(col) LIKE lower(?)}, {@code col IN (?, ?)},
 * {@code SET col = ?}, {@code INSERT INTO t (col) VALUES (?)}, {@code ? AS col}.
 */
final class SqlParameterNames {

	static final int MAX_PARAMETERS = 64;

	private static final int MAX_COLUMNS = 512;

	private static final int MAX_NAME_LENGTH = 128;

	private final String sql;

	private final SqlLexer lexer;

	private final List<@Nullable String> names = new ArrayList<>();

	private final List<String> columns = new ArrayList<>();

	/** The names in the last parentheses, which may be compared with as many values. */
	private final List<String> row = new ArrayList<>();

	private boolean rowCompared;

	private int rowColumn;

	private SqlTokenType previousType = SqlTokenType.SEMICOLON;

	private int depth;

	private @Nullable String lastName;

	private boolean compared;

	/** Whether the comparison has a second operand behind AND. */
	private boolean between;

	/** Level of the rows of an INSERT, or -1. */
	private int rowsDepth = -1;

	private int column;

	private boolean columnsExpected;

	private boolean inColumns;

	/** A parameter that may be named by what comes behind it, or -1. */
	private int unnamed = -1;

	private boolean aliasExpected;

	private boolean reversed;

	SqlParameterNames(String sql, SqlDialect dialect) {
		this.sql = sql;
		this.lexer = new SqlLexer(sql, dialect);
	}

	List<@Nullable String> read() {
		SqlTokenType type = this.lexer.next();
		while (type != SqlTokenType.END && this.names.size() < MAX_PARAMETERS) {
			read(type);
			this.previousType = type;
			type = this.lexer.next();
		}
		return Collections.unmodifiableList(this.names);
	}

	private void read(SqlTokenType type) {
		switch (type) {
			case WORD -> {
				SqlKeyword keyword = this.lexer.keyword();
				if (keyword == null || (this.inColumns && keyword != SqlKeyword.SELECT)) {
					name();
				}
				else {
					keyword(keyword);
				}
			}
			case STRING -> {
				// Where nobody knows whether double quotes are those of a name.
				if (this.inColumns) {
					name();
				}
			}
			case QUOTED_NAME -> name();
			case PARAMETER -> {
				if (this.lexer.first() == '?') {
					parameter();
				}
			}
			case OPEN -> open();
			case CLOSE -> close();
			case COMMA -> comma();
			case SYMBOL -> symbol();
			case SEMICOLON -> {
				forget();
				this.rowsDepth = -1;
			}
			default -> {
			}
		}
	}

	private void name() {
		String name = SqlTableName.plain(this.sql, this.lexer.start(),
				Math.min(this.lexer.end(), this.lexer.start() + MAX_NAME_LENGTH));
		if (this.inColumns) {
			if (this.columns.size() < MAX_COLUMNS) {
				this.columns.add(name);
			}
			return;
		}
		if (this.unnamed >= 0 && (this.aliasExpected || this.reversed)) {
			this.names.set(this.unnamed, name);
			if (this.lexer.following() != '.') {
				this.unnamed = -1;
			}
			return;
		}
		// What is on the right of a comparison doesn't hide what is on the left.
		if (!this.compared && this.lexer.following() != '(') {
			this.lastName = name;
			if (this.depth > 0 && this.row.size() < MAX_PARAMETERS) {
				this.row.add(name);
			}
		}
	}

	private void parameter() {
		String name = null;
		if (this.rowsDepth >= 0 && this.depth > this.rowsDepth) {
			name = (this.column < this.columns.size()) ? this.columns.get(this.column) : null;
		}
		else if (this.rowCompared) {
			name = (this.rowColumn < this.row.size()) ? this.row.get(this.rowColumn) : null;
		}
		else if (this.compared) {
			name = this.lastName;
		}
		this.names.add(name);
		this.unnamed = (name == null) ? this.names.size() - 1 : -1;
		this.aliasExpected = false;
		this.reversed = false;
	}

	private void keyword(SqlKeyword keyword) {
		switch (keyword) {
			case INTO -> {
				this.columnsExpected = true;
				this.columns.clear();
				forget();
			}
			case VALUES -> {
				this.columnsExpected = false;
				this.rowsDepth = this.columns.isEmpty() ? -1 : this.depth;
				this.column = 0;
				forget();
			}
			case LIKE, ILIKE, RLIKE, REGEXP, GLOB, SIMILAR, BETWEEN, IN, IS -> {
				compare();
				this.between = keyword == SqlKeyword.BETWEEN;
				this.reversed = this.unnamed >= 0;
			}
			case AS -> this.aliasExpected = this.unnamed >= 0;
			case NOT, TO, DISTINCT, ALL, ESCAPE, ROW, NULL, TRUE, FALSE -> {
				// Between the two sides, or nothing that ends a comparison.
			}
			case FROM -> {
				// IS DISTINCT FROM ?
				if (!this.compared) {
					forget();
				}
			}
			case AND -> {
				if (this.between) {
					this.between = false;
				}
				else {
					forget();
				}
			}
			case DATE, TIME, TIMESTAMP, USER, VALUE, DATA, FIRST, NEXT, COMMENT, START, END, SYSTEM -> name();
			default -> {
				forget();
				this.columnsExpected = false;
				this.inColumns = false;
				if (this.depth <= this.rowsDepth) {
					this.rowsDepth = -1;
				}
			}
		}
	}

	private void open() {
		if (this.columnsExpected) {
			this.inColumns = true;
			this.columnsExpected = false;
		}
		this.depth++;
		this.rowColumn = 0;
		if (!this.compared) {
			this.row.clear();
		}
		if (this.rowsDepth >= 0 && this.depth == this.rowsDepth + 1) {
			this.column = 0;
		}
	}

	private void close() {
		this.inColumns = false;
		this.aliasExpected = false;
		this.depth = Math.max(0, this.depth - 1);
	}

	private void comma() {
		this.rowColumn++;
		if (this.rowsDepth >= 0 && this.depth == this.rowsDepth + 1) {
			this.column++;
		}
		else if (this.depth == 0 || !this.compared) {
			forget();
		}
		this.unnamed = -1;
	}

	private void symbol() {
		char c = this.lexer.first();
		if ("=<>!~".indexOf(c) >= 0) {
			compare();
			this.reversed = this.unnamed >= 0;
		}
	}

	private void compare() {
		this.rowCompared = this.rowCompared
				|| (!this.compared && this.previousType == SqlTokenType.CLOSE && this.row.size() > 1);
		this.compared = this.lastName != null;
	}

	private void forget() {
		this.lastName = null;
		this.compared = false;
		this.rowCompared = false;
		this.between = false;
		this.unnamed = -1;
	}

}
