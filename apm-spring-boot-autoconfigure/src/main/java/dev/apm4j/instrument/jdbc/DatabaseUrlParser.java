package dev.apm4j.instrument.jdbc;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The forms that the URLs of JDBC drivers have. Sources: the drivers' documentation of
 * their connection URLs; values of {@code db.system.name} and default ports by
 * OpenTelemetry's semantic conventions for databases.
 */
final class DatabaseUrlParser {

	/** Drivers that wrap another one, and write themselves before its URL. */
	private static final List<String> WRAPPERS = List.of("p6spy:", "otel:", "aws-wrapper:", "log4jdbc:", "tracing:");

	private static final int MAX_WRAPPERS = 4;

	/** As in ClickHouse's {@code //a,(https://b:8443)/}. */
	private static final Pattern PROTOCOL_OF_HOST = Pattern
		.compile("(?<=^|[,@])(?:\\([a-z]{3,5}://([^,()/?;@]*)\\)|https?://([^,()/?;@]*))");

	private DatabaseUrlParser() {
	}

	static DatabaseUrl parse(String url) {
		if (!startsWith(url, "jdbc:")) {
			return DatabaseUrl.unknown(DatabaseUrl.OTHER_SQL);
		}
		String rest = unwrap(url.substring("jdbc:".length()));
		boolean container = startsWith(rest, "tc:");
		if (container) {
			rest = rest.substring("tc:".length());
		}
		int colon = rest.indexOf(':');
		if (colon < 0) {
			return DatabaseUrl.unknown(DatabaseUrl.OTHER_SQL);
		}
		String driver = rest.substring(0, colon).toLowerCase(Locale.ROOT);
		rest = rest.substring(colon + 1);
		if (container) {
			return container(driver, rest);
		}
		return parse(driver, rest);
	}

	private static String unwrap(String url) {
		String rest = url;
		for (int i = 0; i < MAX_WRAPPERS; i++) {
			for (String wrapper : WRAPPERS) {
				if (startsWith(rest, wrapper)) {
					rest = rest.substring(wrapper.length());
				}
			}
		}
		return rest;
	}

	/** Testcontainers has the image's tag in the URL, and the host is of no meaning. */
	private static DatabaseUrl container(String image, String rest) {
		String driver = switch (image) {
			case "postgis", "timescaledb", "pgvector", "cockroach", "yugabyte" -> "postgresql";
			default -> image;
		};
		int slashes = rest.indexOf("//");
		DatabaseUrl parsed = parse(driver, (slashes >= 0) ? rest.substring(slashes) : rest);
		return DatabaseUrl.local(parsed.system(), parsed.namespace());
	}

	private static DatabaseUrl parse(String driver, String rest) {
		return switch (driver) {
			case "postgresql", "pgsql", "edb", "opengauss" -> postgresql("postgresql", rest, 5432);
			case "cockroachdb" -> postgresql("cockroachdb", rest, 26257);
			case "yugabytedb" -> postgresql("postgresql", rest, 5433);
			case "redshift" -> postgresql("aws.redshift", rest, 5439);
			case "mysql", "mysqlx" -> general("mysql", withoutCredentials(rest), 3306, "localhost");
			// The port is in the SRV record.
			case "mysql+srv", "mysqlx+srv" -> general("mysql", rest, -1, null);
			case "mariadb" -> general("mariadb", rest, 3306, "localhost");
			case "oracle" -> OracleUrl.parse(rest);
			case "sqlserver" -> sqlServer(rest);
			case "microsoft" -> sqlServer(rest.substring(rest.indexOf(':') + 1));
			case "jtds" -> jtds(rest);
			case "db2", "ibmdb", "db2j" -> db2(rest);
			case "as400" -> general("ibm.db2", rest, -1, null);
			case "sqlite" -> sqlite(rest);
			case "h2" -> embedded("h2database", rest, 9092);
			case "hsqldb" -> embedded("hsqldb", rest, 9001);
			case "derby" -> embedded("derby", rest, 1527);
			case "clickhouse", "ch" -> clickHouse(rest);
			case "sap" -> sapHana(rest);
			case "trino", "presto" -> general("trino", rest, 8080, null);
			case "hive2" -> general("hive", rest, 10000, null);
			case "firebirdsql", "firebird" -> general("firebirdsql", rest, 3050, null);
			case "informix-sqli", "informix" -> general("ibm.informix", rest, -1, null);
			case "netezza" -> general("ibm.netezza", rest, 5480, null);
			case "teradata" -> general("teradata", rest, 1025, null);
			default -> DatabaseUrl.unknown(DatabaseUrl.OTHER_SQL);
		};
	}

	private static DatabaseUrl postgresql(String system, String rest, int port) {
		if (rest.startsWith("//")) {
			return general(system, rest, port, "localhost");
		}
		String database = before(rest, "?;&");
		database = database.startsWith("/") ? database.substring(1) : database;
		return DatabaseUrl.remote(system, database, DatabaseHosts.one("localhost", null, port));
	}

	/** {@code //user:password@hosts/database?parameters}, in which all may be missing. */
	private static DatabaseUrl general(String system, String rest, int port, @Nullable String defaultHost) {
		int slashes = rest.indexOf("//");
		if (slashes < 0) {
			return DatabaseUrl.unknown(system);
		}
		String text = withoutUserInfo(rest.substring(slashes + 2));
		if (text == null) {
			return DatabaseUrl.unknown(system);
		}
		int end = authorityEnd(text);
		DatabaseHosts hosts = DatabaseHosts.parse(text.substring(0, end), port, defaultHost);
		if (hosts.first() == null && end > 0) {
			// What wasn't a host may have been a password, and so may be what follows.
			return DatabaseUrl.unknown(system);
		}
		String database = (end < text.length() && text.charAt(end) == '/') ? before(text.substring(end + 1), "?;:&")
				: "";
		database = database.endsWith("/") ? database.substring(0, database.length() - 1) : database;
		return DatabaseUrl.remote(system, database.replace('/', '.'),
				isElsewhere(text, end) ? DatabaseHosts.none() : hosts);
	}

	/** Whether the driver finds the host in other ways than by the URL. */
	private static boolean isElsewhere(String text, int authorityEnd) {
		UrlProperties properties = new UrlProperties(text, authorityEnd);
		return properties.get("cloudSqlInstance") != null || (authorityEnd == 0 && properties.get("service") != null);
	}

	/**
	 * Leaves user and password out, also if the password has slashes or question marks in
	 * it that belong encoded.
	 * @return the rest, or {@code null} if nobody can tell whether it is one
	 */
	private static @Nullable String withoutUserInfo(String text) {
		if (text.indexOf('(') >= 0 && text.indexOf('(') <= Math.max(0, text.indexOf('='))) {
			return text;
		}
		int parameters = firstOf(text, 0, "?;");
		int at = text.lastIndexOf('@', parameters);
		if (at < 0 && parameters < text.length() && text.indexOf('@', parameters) >= 0) {
			int later = text.indexOf('@', parameters);
			int equals = text.indexOf('=', parameters);
			at = (equals < 0 || equals > later) ? text.lastIndexOf('@') : -1;
		}
		int slash = firstOf(text, 0, "/");
		int equals = firstOf(text, slash, "=");
		if (at > equals) {
			// A password with a slash, or a path with parameters of which one has an at
			// sign.
			return null;
		}
		return text.substring(at + 1);
	}

	private static int authorityEnd(String text) {
		int depth = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '(') {
				depth++;
			}
			else if (c == ')') {
				depth--;
			}
			else if (depth <= 0 && "/?;".indexOf(c) >= 0) {
				return i;
			}
		}
		return text.length();
	}

	/**
	 * MySQL's {@code //user:password@a,user:password@b/}. One with a comma that isn't
	 * encoded, in a password, stays as it is.
	 */
	private static String withoutCredentials(String rest) {
		int start = rest.indexOf("//") + 2;
		int end = firstOf(rest, start, "/?;(");
		if (start < 2 || rest.indexOf(',', start) < 0 || (end < rest.length() && rest.charAt(end) == '(')) {
			return rest;
		}
		StringBuilder hosts = new StringBuilder();
		for (String part : rest.substring(start, end).split(",", -1)) {
			int colon = part.indexOf(':');
			int at = part.indexOf('@');
			if (colon < 0 || at < colon || part.indexOf('@', at + 1) >= 0) {
				return rest;
			}
			hosts.append(hosts.isEmpty() ? "" : ",").append(part, at + 1, part.length());
		}
		return rest.substring(0, start) + hosts + rest.substring(end);
	}

	private static DatabaseUrl sqlServer(String rest) {
		String system = "microsoft.sql_server";
		if (!rest.startsWith("//")) {
			return DatabaseUrl.unknown(system);
		}
		String text = rest.substring(2);
		int end = firstOf(text, 0, ";/?");
		UrlProperties properties = new UrlProperties(text, end);
		String server = text.substring(text.lastIndexOf('@', end) + 1, end);
		if (text.lastIndexOf('@', end) >= end) {
			return DatabaseUrl.unknown(system);
		}
		if (server.isEmpty() || server.startsWith(":")) {
			String name = properties.get("serverName", "server");
			server = ((name != null) ? name : "localhost") + server;
		}
		String instance = properties.get("instanceName");
		int backslash = server.indexOf('\\');
		if (backslash >= 0) {
			int colon = firstOf(server, backslash, ":");
			instance = server.substring(backslash + 1, colon);
			server = server.substring(0, backslash) + server.substring(colon);
		}
		// The port of a named instance is only known to the server's browser service.
		DatabaseHosts hosts = DatabaseHosts.parse(server, (instance != null) ? -1 : 1433, null);
		String port = properties.get("portNumber", "port");
		if (port != null && hosts.first() != null) {
			hosts = DatabaseHosts.one(hosts.first(), port, 1433);
		}
		if (hosts.first() == null) {
			return DatabaseUrl.unknown(system);
		}
		return DatabaseUrl.remote(system, qualified(instance, properties.get("databaseName", "database")), hosts);
	}

	private static @Nullable String qualified(@Nullable String instance, @Nullable String database) {
		return (instance != null && database != null) ? instance + "|" + database : database;
	}

	private static DatabaseUrl jtds(String rest) {
		if (!startsWith(rest, "sqlserver:")) {
			return general(DatabaseUrl.OTHER_SQL, rest, -1, null);
		}
		DatabaseUrl parsed = general("microsoft.sql_server", rest, 1433, null);
		String instance = new UrlProperties(rest, 0).get("instance");
		return (instance == null || parsed.address() == null) ? parsed : DatabaseUrl.remote(parsed.system(),
				qualified(instance, parsed.namespace()), DatabaseHosts.one(parsed.address(), null, -1));
	}

	private static DatabaseUrl db2(String rest) {
		int slashes = rest.indexOf("//");
		return (slashes >= 0) ? general("ibm.db2", rest, 50000, null)
				: DatabaseUrl.local("ibm.db2", before(rest, ":;?"));
	}

	private static DatabaseUrl sqlite(String rest) {
		String text = before(rest, "?");
		if (text.isEmpty() || startsWith(text, ":memory:")) {
			return DatabaseUrl.local("sqlite", text.isEmpty() ? null : ":memory:");
		}
		return DatabaseUrl.local("sqlite", lastPart(text));
	}

	/** H2, HSQLDB and Derby: in memory, in a file, or a server of their own. */
	private static DatabaseUrl embedded(String system, String rest, int port) {
		String text = before(rest, ";?");
		int slashes = text.indexOf("//");
		String scheme = (slashes > 0) ? text.substring(0, slashes).toLowerCase(Locale.ROOT) : "";
		boolean server = slashes == 0 || (slashes > 0
				&& List.of("tcp:", "ssl:", "hsql:", "hsqls:", "http:", "https:", "net:").contains(scheme));
		if (!server) {
			return DatabaseUrl.local(system, lastPart(text));
		}
		int defaultPort = switch (scheme) {
			case "http:" -> 80;
			case "https:" -> 443;
			case "hsqls:" -> 554;
			default -> port;
		};
		// Not of the shortened text, as a password with a semicolon is no parameter.
		String remote = withoutUserInfo(rest.substring(slashes + 2));
		if (remote == null) {
			return DatabaseUrl.unknown(system);
		}
		int end = authorityEnd(remote);
		DatabaseHosts hosts = DatabaseHosts.parse(remote.substring(0, end), defaultPort, "localhost");
		if (hosts.first() == null) {
			return DatabaseUrl.unknown(system);
		}
		return DatabaseUrl.remote(system, lastPart(before(remote.substring(end), ";?")), hosts);
	}

	private static DatabaseUrl clickHouse(String rest) {
		boolean secure = startsWith(rest, "https:") || "true".equalsIgnoreCase(new UrlProperties(rest, 0).get("ssl"));
		int port = startsWith(rest, "grpc") ? 9100 : startsWith(rest, "tcp:") ? 9000 : secure ? 8443 : 8123;
		int hosts = rest.indexOf("//") + 2;
		String plain = (hosts < 2) ? rest
				: rest.substring(0, hosts) + PROTOCOL_OF_HOST.matcher(rest.substring(hosts)).replaceAll("$1$2");
		DatabaseUrl parsed = general("clickhouse", plain, port, "localhost");
		String database = new UrlProperties(rest, 0).get("database");
		boolean named = parsed.namespace() != null || parsed.address() == null;
		return named ? parsed : new DatabaseUrl(parsed.system(), DatabaseHosts.plainName(database), parsed.address(),
				parsed.port(), parsed.hosts());
	}

	private static DatabaseUrl sapHana(String rest) {
		DatabaseUrl parsed = general("sap.hana", rest.replace(';', ','), -1, null);
		String database = new UrlProperties(rest, 0).get("databaseName");
		return (parsed.address() == null) ? parsed : new DatabaseUrl(parsed.system(), DatabaseHosts.plainName(database),
				parsed.address(), parsed.port(), parsed.hosts());
	}

	/** The last part of a path, without the scheme before it. */
	private static String lastPart(String path) {
		int i = path.length();
		while (i > 0 && "/\\:!)".indexOf(path.charAt(i - 1)) < 0) {
			i--;
		}
		return path.substring(i);
	}

	static String before(String text, String delimiters) {
		return text.substring(0, firstOf(text, 0, delimiters));
	}

	static int firstOf(String text, int from, String delimiters) {
		int i = from;
		while (i < text.length() && delimiters.indexOf(text.charAt(i)) < 0) {
			i++;
		}
		return i;
	}

	static boolean startsWith(String text, String prefix) {
		return text.regionMatches(true, 0, prefix, 0, prefix.length());
	}

}
