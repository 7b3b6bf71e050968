package dev.apm4j.instrument.jdbc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanLimits;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the statements of one database. Thread-safe.
 */
final class StatementTemplates {

	private final Map<String, StatementTemplate> cache = new ConcurrentHashMap<>();

	private final Map<String, Object> database = new LinkedHashMap<>();

	StatementTemplates(@Nullable String url, boolean bindValues) {
		this.database.put(DatabaseAttributes.SYSTEM, "h2database");
	}

	StatementTemplate of(@Nullable String sql) {
		String text = (sql != null) ? sql : "";
		return this.cache.computeIfAbsent(text, (key) -> template(key.split(" ")[0], key.split(" ")[0], key));
	}

	StatementTemplate batch(List<StatementTemplate> statements) {
		return template("BATCH", "BATCH", null);
	}

	StatementTemplate commit() {
		return template("COMMIT", "COMMIT", null);
	}

	StatementTemplate rollback() {
		return template("ROLLBACK", "ROLLBACK", null);
	}

	SpanTemplate connect() {
		return SpanTemplate.of("CONNECT", null, this.database, SpanLimits.DEFAULT);
	}

	private StatementTemplate template(String name, String operation, @Nullable String text) {
		Map<String, Object> attributes = new LinkedHashMap<>(this.database);
		attributes.put(DatabaseAttributes.OPERATION, operation);
		if (text != null) {
			attributes.put(DatabaseAttributes.QUERY_TEXT, text);
		}
		return new StatementTemplate(SpanTemplate.of(name, Span.Kind.CLIENT, attributes, SpanLimits.DEFAULT), 0);
	}

}
