package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What may be known of a statement: everything but its values. Immutable.
 *
 * @param text the sanitised text ({@code db.query.text})
 * @param operation first keyword in upper case ({@code db.operation.name}), {@code null}
 * if the text doesn't begin with one
 * @param collection main table, view or procedure, with its schema as written but without
 * quotes ({@code db.collection.name}, {@code db.stored_procedure.name}), {@code null} if
 * there is none
 * @param summary operation and collection, the span's name ({@code db.query.summary});
 * {@code SQL} if neither is known
 * @param shortened whether the text ends before the statement does
 */
record SqlStatement(String text, @Nullable String operation, @Nullable String collection, String summary,
		boolean shortened) {

	/**
	 * Whether a driver may return more than one result: for a procedure, a block or
	 * several statements in one text.
	 */
	boolean mayReturnSeveral() {
		int end = this.text.indexOf(';');
		if (this.shortened || (end >= 0 && end < this.text.stripTrailing().length() - 1)) {
			return true;
		}
		return this.operation == null || switch (this.operation) {
			case "SELECT", "VALUES", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "UPSERT" -> false;
			default -> true;
		};
	}

	static SqlStatement of(String text, @Nullable String operation, @Nullable String collection, boolean shortened) {
		String summary = (operation == null) ? "SQL" : (collection == null) ? operation : operation + " " + collection;
		return new SqlStatement(text, operation, collection, summary, shortened);
	}

}
