package dev.apm4j.instrument.jdbc;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The names that a WITH clause gives to queries, and the first table that each of them
 * reads.
 */
final class SqlCommonTables {

	private static final int MAX_TABLES = 16;

	private final List<String> names = new ArrayList<>(0);

	private final List<@Nullable String> tables = new ArrayList<>(0);

	private boolean nameExpected;

	boolean isNameExpected() {
		return this.nameExpected;
	}

	void expectName(boolean expected) {
		this.nameExpected = expected;
	}

	void begin(String name) {
		this.nameExpected = false;
		if (this.names.size() < MAX_TABLES) {
			this.names.add(name);
			this.tables.add(null);
		}
	}

	/** The query whose name came last reads a table. */
	void read(String table) {
		int last = this.tables.size() - 1;
		if (last >= 0 && this.tables.get(last) == null) {
			this.tables.set(last, table);
		}
	}

	/**
	 * The table behind a name.
	 * @param name the name
	 * @return the name if it isn't one of these, {@code null} if nothing is known to be
	 * behind it
	 */
	@Nullable String resolve(String name) {
		for (int i = 0; i < this.names.size(); i++) {
			if (this.names.get(i).equalsIgnoreCase(name)) {
				return this.tables.get(i);
			}
		}
		return name;
	}

}
