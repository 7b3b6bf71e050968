package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What may be known of a database from its JDBC URL: never a user, a password or a
 * parameter. Whatever doesn't look like a host, a port or a name is left out. Immutable.
 *
 * @param system {@code db.system.name}, {@code other_sql} for an unknown database
 * @param namespace {@code db.namespace}: database, schema, service or SID, for SQL Server
 * {@code instance|database}, of files only the last part of the path; {@code null} if
 * there is none
 * @param address {@code server.address}: the first host, of an IPv6 address without
 * brackets; {@code null} for a database in this process and for names that only the
 * driver can resolve
 * @param port {@code server.port} of the first host, the database's default if there is
 * none; -1 if it isn't known
 * @param hosts all hosts with their ports, as in {@code a:5432,b:5433}; at most 16
 */
record DatabaseUrl(String system, @Nullable String namespace, @Nullable String address, int port,
		@Nullable String hosts) {

	/** The value of {@code db.system.name} for databases without one. */
	static final String OTHER_SQL = "other_sql";

	private static final int MAX_LENGTH = 8192;

	/**
	 * Reads a JDBC URL.
	 * @param url the URL, in the form of any driver; anything else gives
	 * {@link #OTHER_SQL} and nothing else
	 * @return what is known; never throws
	 */
	static DatabaseUrl of(@Nullable String url) {
		if (url == null || url.length() > MAX_LENGTH) {
			return unknown(OTHER_SQL);
		}
		return DatabaseUrlParser.parse(url.trim());
	}

	static DatabaseUrl unknown(String system) {
		return new DatabaseUrl(system, null, null, -1, null);
	}

	/** A database in this process. */
	static DatabaseUrl local(String system, @Nullable String namespace) {
		return new DatabaseUrl(system, DatabaseHosts.plainName(namespace), null, -1, null);
	}

	static DatabaseUrl remote(String system, @Nullable String namespace, DatabaseHosts hosts) {
		return new DatabaseUrl(system, DatabaseHosts.plainName(namespace), hosts.first(), hosts.firstPort(),
				hosts.all());
	}

}
