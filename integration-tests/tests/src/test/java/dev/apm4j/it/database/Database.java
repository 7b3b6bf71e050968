package dev.apm4j.it.database;

import java.util.List;

/**
 * A database that the tests run against.
 */
public enum Database {

	/** In the application's own process. */
	H2("H2", "h2database"),

	/** From the machine's packages. */
	POSTGRESQL("PostgreSQL", "postgresql"),

	/** From the machine's packages. */
	MARIADB("MariaDB", "mariadb");

	private final String label;

	private final String systemName;

	Database(String label, String systemName) {
		this.label = label;
		this.systemName = systemName;
	}

	/**
	 * Its name in traces.
	 * @return a value of {@code db.system.name}
	 */
	public String systemName() {
		return this.systemName;
	}

	/**
	 * Starts its server.
	 * @param databases what to create in it
	 * @return the running server
	 * @throws org.opentest4j.TestAbortedException if this machine doesn't have it
	 */
	public DatabaseServer start(List<String> databases) {
		return switch (this) {
			case H2 -> new InProcess();
			case POSTGRESQL -> PostgresServer.start(databases);
			case MARIADB -> MariaDbServer.start(databases);
		};
	}

	@Override
	public String toString() {
		return this.label;
	}

	/** Nothing to start: the application's driver does. */
	private static final class InProcess implements DatabaseServer {

		@Override
		public String url(String database) {
			return "jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1";
		}

		@Override
		public int port() {
			return -1;
		}

		@Override
		public void close() {
			// There is nothing to stop.
		}

	}

}
