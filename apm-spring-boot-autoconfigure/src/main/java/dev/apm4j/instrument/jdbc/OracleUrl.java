package dev.apm4j.instrument.jdbc;

import java.util.Locale;

/**
 * Oracle's URLs: {@code thin:[user/password]@} with a description in parentheses, an easy
 * connect string, {@code host:port:SID}, or a name of a directory. Source: Oracle's JDBC
 * Developer's Guide, "Data Sources and URLs".
 */
final class OracleUrl {

	private static final String SYSTEM = "oracle.db";

	private static final int PORT = 1521;

	private OracleUrl() {
	}

	static DatabaseUrl parse(String rest) {
		int at = userInfoEnd(rest);
		if (at < 0) {
			return DatabaseUrl.unknown(SYSTEM);
		}
		String text = rest.substring(at + 1).trim();
		if (text.startsWith("(")) {
			return described(text);
		}
		int slashes = text.indexOf("//");
		if (slashes > 0 && !isTransport(text.substring(0, slashes))) {
			return directory(text);
		}
		String target = DatabaseUrlParser.before((slashes >= 0) ? text.substring(slashes + 2) : text, "?");
		return easyConnect(target, slashes >= 0);
	}

	/** A password may have any character; a description may not have an at sign. */
	private static int userInfoEnd(String rest) {
		int description = rest.indexOf("@(");
		if (description >= 0) {
			return description;
		}
		int first = rest.indexOf('@');
		int parameters = rest.indexOf('?');
		if (parameters < 0 || parameters < first) {
			return rest.lastIndexOf('@');
		}
		return rest.lastIndexOf('@', parameters);
	}

	private static boolean isTransport(String scheme) {
		String lower = scheme.toLowerCase(Locale.ROOT);
		return lower.equals("tcp:") || lower.equals("tcps:");
	}

	private static DatabaseUrl described(String text) {
		String name = DatabaseHosts.property(text, "service_name", 0, text.length());
		if (name == null) {
			name = DatabaseHosts.property(text, "sid", 0, text.length());
		}
		return DatabaseUrl.remote(SYSTEM, name, DatabaseHosts.described(withoutBlanks(text), PORT));
	}

	private static String withoutBlanks(String text) {
		StringBuilder plain = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			if (!Character.isWhitespace(text.charAt(i))) {
				plain.append(text.charAt(i));
			}
		}
		return plain.toString();
	}

	/**
	 * Only the directory knows the host: {@code ldap://oid:389/sales,cn=OracleContext}.
	 */
	private static DatabaseUrl directory(String text) {
		String path = DatabaseUrlParser.before(text, ",?");
		return DatabaseUrl.local(SYSTEM, path.substring(path.lastIndexOf('/') + 1));
	}

	private static DatabaseUrl easyConnect(String target, boolean slashes) {
		int slash = target.indexOf('/');
		String hosts = (slash >= 0) ? target.substring(0, slash) : target;
		String name = (slash >= 0) ? DatabaseUrlParser.before(target.substring(slash + 1), ":/") : "";
		if (slash < 0) {
			int colon = target.indexOf(':', Math.max(0, target.indexOf(']')));
			int second = (colon >= 0) ? target.indexOf(':', colon + 1) : -1;
			if (second >= 0) {
				hosts = target.substring(0, second);
				name = target.substring(second + 1);
			}
			else if (colon < 0 && !slashes) {
				// An alias of tnsnames.ora.
				return DatabaseUrl.local(SYSTEM, target);
			}
		}
		DatabaseHosts parsed = DatabaseHosts.easyConnect(hosts, PORT);
		return (parsed.first() != null) ? DatabaseUrl.remote(SYSTEM, name, parsed) : DatabaseUrl.unknown(SYSTEM);
	}

}
