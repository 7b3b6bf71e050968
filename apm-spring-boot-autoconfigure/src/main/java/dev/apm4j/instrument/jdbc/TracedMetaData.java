package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

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
	public Connection getConnection() throws SQLException {
		Connection actual = super.getConnection();
		return (actual != null) ? this.connection : actual;
	}

}
