package dev.apm4j.instrument.jdbc;

import java.util.function.Function;

/**
 * The statements of one database by their texts. Texts that differ only in values give
 * the same object as long as it is remembered, which is what groups of repeated
 * statements and aggregates are found by; a text that was seen before costs one look into
 * a map and no memory.
 * <p>
 * Remembers at most 2,000 texts of together at most 2 million characters, twice: as
 * written and sanitised. Longer texts than {@value #MAX_TEXT_LENGTH} characters are
 * sanitised each time. For any thread, lock-free; never throws.
 */
final class StatementTexts {

	static final int MAX_TEXT_LENGTH = 8192;

	private static final int MAX_ENTRIES = 1000;

	private static final long MAX_CHARACTERS = 1_000_000;

	private final SqlSanitizer sanitizer;

	private final BoundedCache<SqlStatement> byText;

	private final BoundedCache<SqlStatement> canonical;

	private final Function<String, SqlStatement> load = this::load;

	StatementTexts(SqlSanitizer sanitizer) {
		this(sanitizer, MAX_ENTRIES, MAX_CHARACTERS);
	}

	StatementTexts(SqlSanitizer sanitizer, int maxEntries, long maxCharacters) {
		this.sanitizer = sanitizer;
		this.byText = new BoundedCache<>(maxEntries, maxCharacters);
		this.canonical = new BoundedCache<>(maxEntries, maxCharacters);
	}

	/**
	 * The statement of a text.
	 * @param sql the text that the application gave its driver
	 * @return the statement without values
	 */
	SqlStatement get(String sql) {
		return (sql.length() <= MAX_TEXT_LENGTH) ? this.byText.get(sql, this.load) : load(sql);
	}

	private SqlStatement load(String sql) {
		SqlStatement statement = this.sanitizer.sanitize(sql);
		// What was cut off may have held another table.
		String key = statement.shortened() ? statement.text() + '\n' + statement.summary() : statement.text();
		return this.canonical.get(key, (text) -> statement);
	}

	/** Texts that are remembered as they were written. */
	int size() {
		return this.byText.size();
	}

}
