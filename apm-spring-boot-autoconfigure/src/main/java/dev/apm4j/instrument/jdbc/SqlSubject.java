package dev.apm4j.instrument.jdbc;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Finds out what a statement does and to which table: its first keyword, and the first
 * table behind FROM, INTO, UPDATE or JOIN of the statement itself. If it only has
 * subqueries there it is their first table, and for a common table expression the one
 * that is read by it. Memory is bounded, whatever the text.
 */
final class SqlSubject {

	private static final int MAX_DEPTH = 64;

	private final String sql;

	private final SqlTableName name;

	private final SqlCommonTables commonTables = new SqlCommonTables();

	private @Nullable SqlKeyword operation;

	private @Nullable String collection;

	/** A table that is better than none, but may be followed by a better one. */
	private @Nullable String candidate;

	/** The first table in a subquery that isn't in the FROM clause. */
	private @Nullable String inner;

	private boolean settled;

	private int depth;

	private int mainDepth;

	/** Which levels of parentheses are those of a query, where FROM is a clause. */
	private final boolean[] queries = new boolean[MAX_DEPTH];

	/** The level whose FROM clause is being read, or -1. */
	private int fromDepth = -1;

	/** Whether the FROM clause consists of a subquery. */
	private boolean lookInside;

	/** Level of a common table expression's list, or -1. */
	private int withDepth = -1;

	private @Nullable SqlKeyword previous;

	private boolean nameWasExpected;

	SqlSubject(String sql) {
		this.sql = sql;
		this.name = new SqlTableName(sql);
	}

	void accept(SqlTokenType type, SqlLexer lexer) {
		if (this.settled) {
			return;
		}
		this.nameWasExpected = this.name.isExpected();
		if (this.nameWasExpected) {
			readName(type, lexer);
		}
		if (!this.settled) {
			read(type, lexer);
		}
		if (type == SqlTokenType.WORD) {
			this.previous = lexer.keyword();
		}
	}

	private void readName(SqlTokenType type, SqlLexer lexer) {
		String found = this.name.accept(type, lexer);
		if (found != null) {
			found(found);
		}
	}

	private void found(String name) {
		String table = this.commonTables.resolve(name);
		if (table == null) {
			return;
		}
		if (this.withDepth >= 0 && this.depth > this.withDepth) {
			this.commonTables.read(table);
			this.inner = (this.inner != null) ? this.inner : table;
		}
		else if (this.name.isCandidate()) {
			this.candidate = table;
		}
		else if (this.depth == this.mainDepth || this.lookInside || this.name.isDeep()) {
			this.collection = table;
			this.settled = true;
		}
		else if (this.inner == null) {
			this.inner = table;
		}
	}

	private void read(SqlTokenType type, SqlLexer lexer) {
		switch (type) {
			case OPEN -> open();
			case CLOSE -> close();
			case COMMA -> comma();
			case SEMICOLON -> this.settled = this.operation != null;
			case WORD -> word(lexer);
			case QUOTED_NAME -> {
				if (isAtCommonTableName()) {
					this.commonTables.begin(SqlTableName.plain(this.sql, lexer.start(), lexer.end()));
				}
			}
			default -> {
			}
		}
	}

	private boolean isAtCommonTableName() {
		return this.withDepth == this.depth && this.commonTables.isNameExpected();
	}

	private void open() {
		this.depth++;
		if (this.depth < MAX_DEPTH) {
			this.queries[this.depth] = false;
		}
		this.commonTables.expectName(false);
	}

	private void close() {
		if (this.lookInside && this.depth == this.mainDepth + 1) {
			// Nothing in it; perhaps something is joined with it.
			this.lookInside = false;
		}
		this.depth = Math.max(0, this.depth - 1);
		if (this.depth < this.fromDepth) {
			this.fromDepth = -1;
		}
	}

	private void comma() {
		if (this.withDepth == this.depth) {
			this.commonTables.expectName(true);
		}
		else if (this.fromDepth == this.depth) {
			this.name.expect(SqlTableName.Place.FROM);
		}
	}

	private void word(SqlLexer lexer) {
		SqlKeyword keyword = lexer.keyword();
		if (this.operation == null) {
			begin(keyword);
			return;
		}
		if (this.withDepth >= 0) {
			if (isAtCommonTableName() && keyword != SqlKeyword.RECURSIVE && (keyword == null || !isMain(keyword))) {
				this.commonTables.begin(this.sql.substring(lexer.start(), Math.min(lexer.end(), lexer.start() + 128)));
				return;
			}
			if (this.withDepth == this.depth && keyword != null && isMain(keyword)) {
				this.withDepth = -1;
				begin(keyword);
				return;
			}
		}
		if (keyword != null && !this.name.isInside()) {
			clause(keyword);
		}
	}

	private static boolean isMain(SqlKeyword keyword) {
		return switch (keyword) {
			case SELECT, INSERT, UPDATE, DELETE, MERGE, REPLACE, UPSERT, VALUES, TABLE -> true;
			default -> false;
		};
	}

	private void begin(@Nullable SqlKeyword keyword) {
		if (keyword == null || !isOperation(keyword)) {
			this.settled = true;
			return;
		}
		this.operation = keyword;
		this.mainDepth = this.depth;
		introduce(keyword);
	}

	private static boolean isOperation(SqlKeyword keyword) {
		return keyword.compareTo(SqlKeyword.ALL) < 0;
	}

	private void introduce(SqlKeyword keyword) {
		switch (keyword) {
			case WITH -> {
				this.withDepth = this.depth;
				this.commonTables.expectName(true);
			}
			case SELECT, SHOW, VALUES, EXPLAIN, PREPARE, EXPORT, IMPORT, LOAD -> query();
			case DESCRIBE, DESC -> {
				query();
				this.name.expect(SqlTableName.Place.TARGET);
			}
			case DELETE -> {
				query();
				this.name.expect(SqlTableName.Place.CANDIDATE);
			}
			case INSERT, UPDATE, MERGE, REPLACE, UPSERT, TABLE, COPY, TRUNCATE, LOCK, ANALYZE, ANALYSE, VACUUM,
					OPTIMIZE, HANDLER ->
				this.name.expect(SqlTableName.Place.TARGET);
			case CALL, EXEC, EXECUTE -> this.name.expect(SqlTableName.Place.PROCEDURE);
			case CREATE, ALTER, DROP, COMMENT, RENAME, GRANT, REVOKE, DENY, REFRESH, REINDEX, FLASHBACK, PURGE -> {
				// The name comes behind the kind of thing.
			}
			default -> this.settled = true;
		}
	}

	private void query() {
		if (this.depth < MAX_DEPTH) {
			this.queries[this.depth] = true;
		}
		this.fromDepth = -1;
	}

	private void clause(SqlKeyword keyword) {
		switch (keyword) {
			case SELECT -> subquery();
			case FROM, JOIN -> {
				boolean clause = this.depth < MAX_DEPTH && this.queries[this.depth];
				if (clause && this.previous != SqlKeyword.DISTINCT) {
					this.fromDepth = this.depth;
					this.name.expect(SqlTableName.Place.FROM);
				}
			}
			case INTO -> {
				if (isChange(this.operation) && this.depth == this.mainDepth) {
					this.name.expect(SqlTableName.Place.TARGET);
				}
			}
			case INSERT, UPDATE, DELETE, MERGE, REPLACE -> {
				if (isAbout(this.operation) && this.depth == this.mainDepth) {
					introduce(keyword);
				}
				else if (keyword == SqlKeyword.DELETE && this.depth > this.mainDepth) {
					query();
				}
			}
			case TABLE, VIEW, PROCEDURE, FUNCTION -> {
				if (isDefinition(this.operation) && this.depth == this.mainDepth && this.candidate == null) {
					this.name.expect(SqlTableName.Place.TARGET);
				}
			}
			case ON -> {
				if (isDefinition(this.operation) && this.depth == this.mainDepth) {
					this.name.expect(SqlTableName.Place.TARGET);
				}
			}
			case WHERE, GROUP, ORDER, HAVING, UNION, LIMIT, EXCEPT, INTERSECT, WINDOW -> {
				if (this.depth == this.fromDepth) {
					this.fromDepth = -1;
				}
				if (this.candidate != null && this.depth == this.mainDepth) {
					this.settled = true;
				}
			}
			default -> {
			}
		}
	}

	private void subquery() {
		if (this.nameWasExpected && this.depth > this.mainDepth) {
			this.lookInside = this.lookInside || this.fromDepth == this.mainDepth;
			this.name.forget();
		}
		query();
	}

	private static boolean isChange(@Nullable SqlKeyword operation) {
		return operation == SqlKeyword.INSERT || operation == SqlKeyword.MERGE || operation == SqlKeyword.REPLACE
				|| operation == SqlKeyword.UPSERT || isAbout(operation);
	}

	/** Statements that contain another one. */
	private static boolean isAbout(@Nullable SqlKeyword operation) {
		return operation == SqlKeyword.EXPLAIN || operation == SqlKeyword.DESCRIBE || operation == SqlKeyword.DESC
				|| operation == SqlKeyword.PREPARE || operation == SqlKeyword.LOAD || operation == SqlKeyword.IMPORT;
	}

	private static boolean isDefinition(@Nullable SqlKeyword operation) {
		return operation != null && switch (operation) {
			case CREATE, ALTER, DROP, COMMENT, RENAME, GRANT, REVOKE, DENY, REFRESH, REINDEX, FLASHBACK, PURGE, LOAD,
					SHOW ->
				true;
			default -> false;
		};
	}

	/** Whether no further token changes anything. */
	boolean isSettled() {
		return this.settled;
	}

	@Nullable String operation() {
		if (this.operation == null) {
			return null;
		}
		return switch (this.operation) {
			case WITH -> SqlKeyword.SELECT.name();
			case EXEC, EXECUTE -> this.name.isRefused() ? this.operation.name() : SqlKeyword.CALL.name();
			default -> this.operation.name().toUpperCase(Locale.ROOT);
		};
	}

	@Nullable String collection() {
		if (this.collection != null) {
			return this.collection;
		}
		return (this.candidate != null) ? this.candidate : this.inner;
	}

}
