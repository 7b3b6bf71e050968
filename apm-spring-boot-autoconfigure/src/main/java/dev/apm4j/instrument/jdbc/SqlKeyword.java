package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * The words that mean something to the sanitiser. They are found without a copy of the
 * word, as a statement may have millions of them.
 */
enum SqlKeyword {

	// Words that begin a statement
	ABORT, ALTER, ANALYSE, ANALYZE, ATTACH, AUDIT, BACKUP, BEGIN, CALL, CHECK, CHECKPOINT, CLOSE, COMMENT, COMMIT,
	CONNECT, COPY, CREATE, DEALLOCATE, DECLARE, DELETE, DENY, DESC, DESCRIBE, DETACH, DISCARD, DISCONNECT, DO, DROP,
	END, EXCHANGE, EXEC, EXECUTE, EXPLAIN, EXPORT, FETCH, FLASHBACK, FLUSH, GRANT, HANDLER, IF, IMPORT, INSERT, KILL,
	LISTEN, LOAD, LOCK, MERGE, MOVE, NOTIFY, OPEN, OPTIMIZE, PRAGMA, PREPARE, PRINT, PURGE, REFRESH, REINDEX, RELEASE,
	RENAME, REPLACE, RESET, RESTORE, REVOKE, ROLLBACK, RUNSCRIPT, SAVEPOINT, SCRIPT, SELECT, SET, SHOW, SHUTDOWN,
	SIGNAL, START, SYSTEM, TABLE, TRUNCATE, UNLISTEN, UNLOAD, UNLOCK, UPDATE, UPSERT, USE, VACUUM, VALUES, WAITFOR,
	WITH, XA,

	// Words in a statement
	ALL, AND, AS, BETWEEN, BY, CASE, COLUMN, CONCURRENTLY, CROSS, DATA, DATABASE, DATE, DEFAULT, DELAYED, DISTINCT, DIV,
	ELSE, ESCAPE, EXCEPT, EXISTS, FALSE, FIRST, FOR, FROM, FULL, FUNCTION, GLOB, GROUP, HAVING, HIGH_PRIORITY,
	IDENTIFIED, IGNORE, ILIKE, IMMEDIATE, IN, INDEX, INNER, INTERSECT, INTERVAL, INTO, IS, JOIN, LATERAL, LEFT, LIKE,
	LIMIT, LOCAL, LOW_PRIORITY, MATERIALIZED, MINUS, MOD, NEXT, NOT, NULL, OFFSET, OJ, ON, ONLY, OR, ORDER, OVERWRITE,
	PROCEDURE, QUICK, RECURSIVE, REGEXP, RETURN, RETURNING, RIGHT, RLIKE, ROW, SCHEMA, SEQUENCE, SIMILAR, TABLES,
	TEMPORARY, THEN, TIME, TIMESTAMP, TO, TOP, TRIGGER, TRUE, UNION, USER, USING, VALUE, VERBOSE, VIEW, WHEN, WHERE,
	WINDOW;

	private static final int SLOTS = 1024;

	private static final int MAX_LENGTH = 16;

	private static final @Nullable SqlKeyword[] TABLE_OF_ALL = tableOfAll();

	private static @Nullable SqlKeyword[] tableOfAll() {
		@Nullable SqlKeyword[] table = new SqlKeyword[SLOTS];
		for (SqlKeyword keyword : values()) {
			String name = keyword.name();
			int slot = slot(name, 0, name.length());
			while (table[slot] != null) {
				slot = (slot + 1) % SLOTS;
			}
			table[slot] = keyword;
		}
		return table;
	}

	/**
	 * Looks up a word in upper, lower or mixed case.
	 * @param text the text that contains it
	 * @param from where it begins
	 * @param to where it ends
	 * @return the keyword, or {@code null} if it is none of these
	 */
	static @Nullable SqlKeyword of(String text, int from, int to) {
		if (to - from > MAX_LENGTH) {
			return null;
		}
		int slot = slot(text, from, to);
		SqlKeyword keyword = TABLE_OF_ALL[slot];
		while (keyword != null) {
			String name = keyword.name();
			if (name.length() == to - from && text.regionMatches(true, from, name, 0, name.length())) {
				return keyword;
			}
			slot = (slot + 1) % SLOTS;
			keyword = TABLE_OF_ALL[slot];
		}
		return null;
	}

	private static int slot(String text, int from, int to) {
		int hash = 0;
		for (int i = from; i < to; i++) {
			// The fifth bit is the only difference between an upper and a lower case
			// letter.
			hash = 31 * hash + (text.charAt(i) & ~0x20);
		}
		return (hash ^ (hash >>> 10)) & (SLOTS - 1);
	}

}
