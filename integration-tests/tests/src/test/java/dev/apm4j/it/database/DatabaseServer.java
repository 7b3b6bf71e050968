package dev.apm4j.it.database;

/**
 * A server on a port of 127.0.0.1 that keeps its data in a temporary folder.
 */
public interface DatabaseServer extends AutoCloseable {

	/** The user of all databases. */
	String USER = "shop";

	/** The user's password, which nothing may tell. */
	String PASSWORD = "zzpassword";

	/**
	 * Where a driver finds a database.
	 * @param database name of a database
	 * @return its JDBC URL
	 */
	String url(String database);

	/**
	 * Where the server listens.
	 * @return the port, or -1 if there is no server
	 */
	int port();

	/**
	 * Stops the server and deletes its data.
	 */
	@Override
	void close();

}
