package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * What a traced connection tells of its database, without a way around it.
 */
final class TracedMetaData extends DelegatingDatabaseMetaData {

	private final TracedConnection connection;

	TracedMetaData(DatabaseMetaData delegate, TracedConnection connection) {
		super(delegate);
		this.connection = connection;
	}

	@Override
	@SuppressWarnings("NullAway")
	ResultSet result(@Nullable ResultSet rows) {
		return (rows != null) ? new TracedMetaDataResult(rows, this.connection) : rows;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection actual = super.getConnection();
		return (actual != null) ? this.connection : actual;
	}

}
