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

	@Override
	public <T> T unwrap(Class<T> type) throws SQLException {
		return type.isInstance(this) ? type.cast(this) : super.unwrap(type);
	}

	@Override
	public boolean isWrapperFor(Class<?> type) throws SQLException {
		return type.isInstance(this) || super.isWrapperFor(type);
	}

	@Override
	public String toString() {
		return String.valueOf(delegate());
	}

}
