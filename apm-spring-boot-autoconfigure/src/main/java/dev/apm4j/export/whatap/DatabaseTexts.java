package dev.apm4j.export.whatap;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.PeerAttributes;
import dev.apm4j.trace.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * The texts of database steps. For one thread: remembers the last connection, as most
 * applications have one database.
 */
final class DatabaseTexts {

	private static final int MAX_CALLERS = 5;

	/** Their commands have other quotes than SQL, or none. */
	private static final Set<String> WITHOUT_SQL = Set.of("redis", "mongodb", "memcached", "elasticsearch",
			"opensearch", "neo4j", "couchbase", "dynamodb", "aws.dynamodb", "hbase", "geode", "couchdb");

	private static final double NANOS_PER_MILLI = 1_000_000;

	private final FreeText freeText;

	private final SecretName secretName;

	private final @Nullable Object[] lastParts = new @Nullable Object[4];

	private String lastConnection = "";

	DatabaseTexts(FreeText freeText, SecretName secretName) {
		this.freeText = freeText;
		this.secretName = secretName;
	}

	/** Where a database is: {@code postgresql://db:5432/shop}. */
	String connection(SpanData span) {
		Object system = StepKind.system(span);
		Object host = SpanValues.first(span, PeerAttributes.SERVER_ADDRESS, PeerAttributes.NETWORK_ADDRESS,
				"net.peer.name");
		Object port = span.attribute(PeerAttributes.SERVER_PORT);
		Object namespace = SpanValues.first(span, DatabaseAttributes.NAMESPACE, "db.name");
		@Nullable Object[] last = this.lastParts;
		if (!Objects.equals(last[0], system) || !Objects.equals(last[1], host) || !Objects.equals(last[2], port)
				|| !Objects.equals(last[3], namespace)) {
			this.lastConnection = connection((String) system, (String) host,
					SpanValues.number(span, PeerAttributes.SERVER_PORT), (String) namespace);
			last[0] = system;
			last[1] = host;
			last[2] = port;
			last[3] = namespace;
		}
		return this.lastConnection;
	}

	private String connection(@Nullable String system, @Nullable String host, long port, @Nullable String namespace) {
		StringBuilder text = new StringBuilder(type((system != null) ? system : "")).append("://");
		if (host != null) {
			text.append(host);
			if (port > 0 && host.indexOf(':') < 0) {
				text.append(':').append(port);
			}
		}
		if (namespace != null) {
			text.append('/').append(namespace);
		}
		return this.freeText.line(text.toString());
	}

	/** The name that the product has in JDBC URLs. */
	private static String type(String system) {
		return switch (system) {
			case "h2database" -> "h2";
			case "microsoft.sql_server", "mssql" -> "sqlserver";
			case "oracle.db" -> "oracle";
			case "ibm.db2" -> "db2";
			case "sap.hana" -> "sap";
			default -> system.toLowerCase(Locale.ROOT);
		};
	}

	/**
	 * A statement. Spans of the application's own data sources have it without values; of
	 * others the quoted ones are taken out, as the agent would do.
	 */
	String statement(SpanData span) {
		String text = SpanValues.first(span, DatabaseAttributes.QUERY_TEXT, "db.statement");
		if (text != null) {
			String system = StepKind.system(span);
			boolean sql = system == null || !WITHOUT_SQL.contains(system.toLowerCase(Locale.ROOT));
			return sql ? withoutQuoted(text) : this.freeText.lines(withoutQuoted(text));
		}
		String operation = SpanValues.first(span, DatabaseAttributes.OPERATION, "db.operation");
		return this.freeText.name(span.name(), (operation != null) ? this.freeText.line(operation) : "execute");
	}

	/**
	 * Whether a backslash escapes a quote depends on the database. Where one stands
	 * before a quote, everything up to the last quote is taken for one value.
	 */
	private static String withoutQuoted(String sql) {
		int quote = sql.indexOf('\'');
		if (quote < 0) {
			return sql;
		}
		StringBuilder text = new StringBuilder(sql.length());
		int copied = 0;
		while (quote >= 0) {
			text.append(sql, copied, quote).append('?');
			int end = quote + 1;
			while (end < sql.length() && (sql.charAt(end) != '\'' || sql.startsWith("''", end))) {
				end += (sql.charAt(end) == '\'') ? 2 : 1;
			}
			if (end < sql.length() && sql.charAt(end - 1) == '\\') {
				int last = sql.lastIndexOf('\'');
				end = (sql.charAt(last - 1) == '\\') ? sql.length() : last;
			}
			copied = Math.min(sql.length(), end + 1);
			quote = sql.indexOf('\'', copied);
		}
		return text.append(sql, copied, sql.length()).toString();
	}

	/** The values of parameters, or {@code null} if none were recorded. */
	@Nullable String parameters(SpanData span) {
		StringBuilder[] text = new StringBuilder[1];
		span.forEachAttribute((key, value) -> {
			if (key.startsWith(DatabaseAttributes.QUERY_PARAMETER)) {
				text[0] = (text[0] != null) ? text[0].append(',') : new StringBuilder();
				append(text[0], key, String.valueOf(value));
			}
		});
		return (text[0] != null) ? text[0].toString() : null;
	}

	private void append(StringBuilder text, String key, String value) {
		int name = DatabaseAttributes.QUERY_PARAMETER.length();
		boolean numbered = name < key.length() && Character.isDigit(key.charAt(name));
		if (numbered) {
			text.append(this.freeText.line(value));
		}
		else if (this.secretName.matches(key, name, key.length())) {
			text.append(SecretName.MASK);
		}
		else {
			text.append(this.freeText.line(key.substring(name) + "=" + value));
		}
	}

	/** How often a statement was executed, how long that took and who did it. */
	String repeated(SpanData span, long count) {
		StringBuilder text = new StringBuilder().append(count).append(" executions");
		long max = SpanValues.number(span, DatabaseAttributes.REPEATED_MAX);
		if (max > 0) {
			text.append(", each ");
			appendMillis(text, SpanValues.number(span, DatabaseAttributes.REPEATED_MIN)).append(" to ");
			appendMillis(text, max).append(" ms");
		}
		if (span.attribute(DatabaseAttributes.CALLERS) instanceof List<?> callers) {
			for (int i = 0; i < Math.min(MAX_CALLERS, callers.size()); i++) {
				text.append((i == 0) ? ", by " : " < ").append(callers.get(i));
			}
		}
		return this.freeText.line(text.toString());
	}

	private static StringBuilder appendMillis(StringBuilder text, long nanos) {
		return text.append(Math.round(nanos / NANOS_PER_MILLI * 1000) / 1000.0);
	}

}
