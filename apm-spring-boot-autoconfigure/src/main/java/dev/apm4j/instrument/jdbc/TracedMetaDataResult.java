package dev.apm4j.instrument.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * What a database tells of itself, which is no result of a statement of the application.
 * Some drivers show the statement they used, with which the application may go on.
 */
final class TracedMetaDataResult extends DelegatingResultSet {

	private final TracedConnection connection;

	private @Nullable TracedStatement statement;

	TracedMetaDataResult(ResultSet delegate, TracedConnection connection) {
		super(delegate);
		this.connection = connection;
	}

	@Override
	@SuppressWarnings("NullAway")
	public Statement getStatement() throws SQLException {
		Statement actual = super.getStatement();
		if (actual == null || actual instanceof TracedStatement) {
			return actual;
		}
		TracedStatement known = this.statement;
		if (known == null || known.delegate() != actual) {
			known = new TracedStatement(actual, this.connection, null);
			this.statement = known;
		}
		return known;
	}

}
