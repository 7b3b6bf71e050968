package dev.apm4j.instrument.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The hosts in a JDBC URL. As soon as one of them doesn't look like a host there is none:
 * it may be a password that a parser took for something else.
 */
final class DatabaseHosts {

	private static final int MAX_HOSTS = 16;

	private static final int MAX_NAME_LENGTH = 255;

	private static final int MAX_PORT = 65535;

	private static final DatabaseHosts NONE = new DatabaseHosts(List.of(), -1);

	private final List<String> names;

	private final List<Integer> ports = new ArrayList<>();

	private final int defaultPort;

	private DatabaseHosts(List<String> names, int defaultPort) {
		this.names = names;
		this.defaultPort = defaultPort;
	}

	static DatabaseHosts none() {
		return NONE;
	}

	static DatabaseHosts one(@Nullable String name, @Nullable String port, int defaultPort) {
		DatabaseHosts hosts = new DatabaseHosts(new ArrayList<>(), defaultPort);
		return (name != null && hosts.add(name, port)) ? hosts : NONE;
	}

	/**
	 * Reads what is between the slashes of a URL.
	 * @param authority hosts with or without ports and user-info, or MySQL's and
	 * MariaDB's {@code address=(host=a)(port=1)} and {@code (host=a,port=1)}, also
	 * between others
	 * @param defaultPort port where none is given, -1 for none
	 * @param defaultHost host if the text is empty, or {@code null}
	 * @return the hosts
	 */
	static DatabaseHosts parse(String authority, int defaultPort, @Nullable String defaultHost) {
		if (authority.indexOf('(') >= 0 && authority.toLowerCase(Locale.ROOT).contains("host=")) {
			return mixed(authority, defaultPort);
		}
		DatabaseHosts hosts = new DatabaseHosts(new ArrayList<>(), defaultPort);
		String text = authority.substring(authority.lastIndexOf('@') + 1);
		if (text.startsWith("[") && text.endsWith("]") && !isAddress(text.substring(1, text.length() - 1))) {
			text = text.substring(1, text.length() - 1);
		}
		if (text.isEmpty()) {
			return one(defaultHost, null, defaultPort);
		}
		for (String part : split(text)) {
			if (!hosts.addPart(part)) {
				return NONE;
			}
		}
		return hosts;
	}

	/** Descriptions of hosts, between which there may be plain ones. */
	private static DatabaseHosts mixed(String authority, int defaultPort) {
		String text = authority.substring(outside(authority, '@') + 1);
		if (text.startsWith("[") && text.endsWith("]")) {
			text = text.substring(1, text.length() - 1);
		}
		DatabaseHosts hosts = new DatabaseHosts(new ArrayList<>(), defaultPort);
		while (!text.isEmpty() && hosts.names.size() < MAX_HOSTS) {
			int comma = outside(text, ',');
			String part = text.substring(comma + 1);
			boolean added = (part.indexOf('(') >= 0) ? hosts.addAll(described(part, defaultPort))
					: hosts.addPart(part.trim());
			if (!added) {
				return NONE;
			}
			text = text.substring(0, Math.max(0, comma));
		}
		// They were read from the end, where it is certain what a comma is.
		Collections.reverse(hosts.names);
		Collections.reverse(hosts.ports);
		return hosts;
	}

	/** The last such character that is not in parentheses, or -1. */
	private static int outside(String text, char wanted) {
		int depth = 0;
		for (int i = text.length() - 1; i >= 0; i--) {
			char c = text.charAt(i);
			depth += (c == ')') ? 1 : (c == '(') ? -1 : 0;
			if (c == wanted && depth == 0) {
				return i;
			}
		}
		return -1;
	}

	private boolean addAll(DatabaseHosts others) {
		for (int i = others.names.size() - 1; i >= 0; i--) {
			this.names.add(others.names.get(i));
			this.ports.add(others.ports.get(i));
		}
		return !others.names.isEmpty();
	}

	/**
	 * Reads Oracle's easy connect lists, in which hosts without a port have that of the
	 * next host with one.
	 * @param text hosts, between commas or semicolons
	 * @param defaultPort port where none follows
	 * @return the hosts
	 */
	static DatabaseHosts easyConnect(String text, int defaultPort) {
		DatabaseHosts hosts = parse(text.replace(';', ','), -1, null);
		int port = defaultPort;
		for (int i = hosts.ports.size() - 1; i >= 0; i--) {
			if (hosts.ports.get(i) >= 0) {
				port = hosts.ports.get(i);
			}
			else {
				hosts.ports.set(i, port);
			}
		}
		return hosts;
	}

	private static List<String> split(String text) {
		List<String> parts = new ArrayList<>();
		int from = 0;
		while (from <= text.length() && parts.size() < MAX_HOSTS) {
			int comma = text.indexOf(',', from);
			int end = (comma >= 0) ? comma : text.length();
			parts.add(text.substring(from, end).trim());
			from = end + 1;
		}
		return parts;
	}

	private boolean addPart(String part) {
		String rest = part.substring(part.indexOf("//") < 0 ? 0 : part.indexOf("//") + 2);
		int bracket = rest.indexOf(']');
		int colon = rest.indexOf(':', Math.max(0, bracket));
		boolean bare = bracket < 0 && colon >= 0 && rest.indexOf(':', colon + 1) >= 0;
		if (bare || colon < 0) {
			return add(rest, null);
		}
		return add(rest.substring(0, colon), rest.substring(colon + 1));
	}

	/**
	 * Reads {@code (HOST=a)(PORT=1)} in any depth of parentheses, with everything between
	 * them that isn't about hosts.
	 */
	static DatabaseHosts described(String text, int defaultPort) {
		DatabaseHosts hosts = new DatabaseHosts(new ArrayList<>(), defaultPort);
		String lower = text.toLowerCase(Locale.ROOT);
		int at = lower.indexOf("host=");
		while (at >= 0 && hosts.names.size() < MAX_HOSTS) {
			int next = lower.indexOf("host=", at + 1);
			if (isKeyStart(lower, at)) {
				String port = property(text, "port", at, (next >= 0) ? next : text.length());
				if (!hosts.add(value(text, at + "host=".length()), port)) {
					return NONE;
				}
			}
			at = next;
		}
		return hosts;
	}

	private static boolean isKeyStart(String lower, int at) {
		return at == 0 || !Character.isLetterOrDigit(lower.charAt(at - 1)) && lower.charAt(at - 1) != '_';
	}

	/**
	 * The value of a key in such a description.
	 * @return the value, or {@code null} if the key isn't there
	 */
	static @Nullable String property(String text, String key, int from, int to) {
		String lower = text.toLowerCase(Locale.ROOT);
		int at = lower.indexOf(key, from);
		while (at >= 0 && at < to) {
			int equals = at + key.length();
			while (equals < to && text.charAt(equals) == ' ') {
				equals++;
			}
			if (equals < to && text.charAt(equals) == '=' && isKeyStart(lower, at)) {
				return value(text, equals + 1);
			}
			at = lower.indexOf(key, at + 1);
		}
		return null;
	}

	private static String value(String text, int from) {
		int end = from;
		while (end < text.length() && "(),;&?".indexOf(text.charAt(end)) < 0) {
			end++;
		}
		return text.substring(from, end).trim();
	}

	private boolean add(String text, @Nullable String port) {
		String name = text.trim();
		if (name.startsWith("[") && name.endsWith("]")) {
			name = name.substring(1, name.length() - 1);
		}
		int number = (port == null || port.isBlank()) ? this.defaultPort : parsePort(port.trim());
		if (!isHost(name) || number < -1) {
			return false;
		}
		this.names.add(name);
		this.ports.add(number);
		return true;
	}

	private static int parsePort(String text) {
		int port = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < '0' || c > '9' || port > MAX_PORT) {
				return -2;
			}
			port = port * 10 + (c - '0');
		}
		return (port <= MAX_PORT) ? port : -2;
	}

	private static boolean isHost(String name) {
		if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
			return false;
		}
		boolean address = isAddress(name);
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			boolean plain = Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
			if (!plain && !(address && (c == ':' || c == '%'))) {
				return false;
			}
		}
		return true;
	}

	/** Whether it is an IPv6 address, perhaps with a zone. */
	private static boolean isAddress(String name) {
		int zone = name.indexOf('%');
		int end = (zone >= 0) ? zone : name.length();
		int colons = 0;
		for (int i = 0; i < end; i++) {
			char c = name.charAt(i);
			if (c == ':') {
				colons++;
			}
			else if (Character.digit(c, 16) < 0 && c != '.') {
				return false;
			}
		}
		return colons >= 2;
	}

	@Nullable String first() {
		return this.names.isEmpty() ? null : this.names.get(0);
	}

	int firstPort() {
		return this.ports.isEmpty() ? -1 : this.ports.get(0);
	}

	@Nullable String all() {
		if (this.names.isEmpty()) {
			return null;
		}
		StringBuilder all = new StringBuilder();
		for (int i = 0; i < this.names.size(); i++) {
			String name = this.names.get(i);
			all.append((i > 0) ? "," : "").append((name.indexOf(':') >= 0) ? "[" + name + "]" : name);
			if (this.ports.get(i) >= 0) {
				all.append(':').append(this.ports.get(i));
			}
		}
		return all.toString();
	}

	/**
	 * A database's name if it is nothing but that.
	 * @param name the text, may be {@code null}
	 * @return the name, or {@code null}
	 */
	static @Nullable String plainName(@Nullable String name) {
		if (name == null || name.isBlank() || name.length() > MAX_NAME_LENGTH) {
			return null;
		}
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (c < ' ' || "=@?;&,(){}\"'".indexOf(c) >= 0) {
				return null;
			}
		}
		return name;
	}

}
