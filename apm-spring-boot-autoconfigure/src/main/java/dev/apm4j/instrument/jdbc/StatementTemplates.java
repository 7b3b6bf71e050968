package dev.apm4j.instrument.jdbc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanLimits;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * What the spans of one database have in common, by the text of the statement. Texts that
 * differ only in values give the same {@link SpanTemplate} object as long as it is
 * remembered, which is what repeated statements are found by; a text that was seen before
 * costs one look into a map and no memory.
 * <p>
 * Remembers at most 2,000 texts of together at most 2 million characters, twice: as
 * written and sanitised; once that was too little, a text is remembered when it comes for
 * the second time. Longer texts than {@value #MAX_TEXT_LENGTH} characters are sanitised
 * each time. Thread-safe, lock-free.
 */
final class StatementTemplates {

	static final int MAX_TEXT_LENGTH = 8192;

	private static final int MAX_ENTRIES = 1000;

	private static final long MAX_CHARACTERS = 1_000_000;

	/** Texts with values in them come once, and many of them. */
	private static final int CANDIDATES = 8192;

	private static final String BATCH = "BATCH";

	/** What has the name of a procedure behind it. */
	private static final Set<String> CALLS = Set.of("CALL", "EXEC", "EXECUTE");

	private static final String ELLIPSIS = " ...";

	private static final IntSupplier NO_SECRETS = () -> 0;

	private final BoundedCache<StatementTemplate> byText;

	private final BoundedCache<SpanTemplate> canonical;

	private final Function<String, StatementTemplate> load = this::load;

	private final UnaryOperator<StatementTemplate> loadBatch = (single) -> batch(List.of(single));

	private final Map<String, Object> database = new LinkedHashMap<>();

	private final String system;

	private final SqlSanitizer sanitizer;

	private final StatementTemplate commit;

	private final StatementTemplate rollback;

	private final SpanTemplate connect;

	/**
	 * Creates the templates.
	 * @param database what is known of the database
	 */
	StatementTemplates(DatabaseUrl database) {
		this(database, MAX_ENTRIES, MAX_CHARACTERS);
	}

	StatementTemplates(DatabaseUrl database, int maxEntries, long maxCharacters) {
		this.byText = new BoundedCache<>(maxEntries, maxCharacters, CANDIDATES);
		this.canonical = new BoundedCache<>(maxEntries, maxCharacters);
		this.system = database.system();
		this.sanitizer = new SqlSanitizer(SqlDialect.of(database.system()));
		put(this.database, DatabaseAttributes.SYSTEM, database.system());
		put(this.database, DatabaseAttributes.NAMESPACE, database.namespace());
		put(this.database, "server.address", database.address());
		put(this.database, "server.port", (database.port() > 0) ? (long) database.port() : null);
		this.commit = template("COMMIT", null, null, null, NO_SECRETS, false);
		this.rollback = template("ROLLBACK", null, null, null, NO_SECRETS, false);
		String connectName = (database.namespace() != null) ? "CONNECT " + database.namespace() : "CONNECT";
		this.connect = SpanTemplate.of(connectName, null, this.database, SpanLimits.DEFAULT);
	}

	/**
	 * What is known of a statement.
	 * @param sql the text that the application gave its driver
	 */
	StatementTemplate of(@Nullable String sql) {
		if (sql == null) {
			return load("");
		}
		return (sql.length() <= MAX_TEXT_LENGTH) ? this.byText.get(sql, this.load) : load(sql);
	}

	private StatementTemplate load(String sql) {
		SqlStatement statement = this.sanitizer.sanitize(sql);
		boolean call = CALLS.contains(String.valueOf(statement.operation()));
		return template(statement.operation(), call ? null : statement.collection(),
				call ? statement.collection() : null, statement.text(), () -> secrets(sql),
				statement.mayReturnSeveral());
	}

	/** A bit for each parameter whose column has the name of a secret. */
	private int secrets(String sql) {
		List<@Nullable String> names = this.sanitizer.parameterNames(sql);
		int secrets = 0;
		for (int i = 0; i < Math.min(names.size(), BindValues.MAX_PARAMETERS); i++) {
			String name = names.get(i);
			if (name != null && SecretNames.STANDARD.contains(name, 0, name.length())) {
				secrets |= 1 << i;
			}
		}
		return secrets;
	}

	/**
	 * A batch of one statement again and again.
	 * @param statement the statement
	 */
	StatementTemplate batch(StatementTemplate statement) {
		return statement.batch(this.loadBatch);
	}

	/**
	 * A batch of different statements.
	 * @param statements the statements, each once
	 */
	StatementTemplate batch(List<StatementTemplate> statements) {
		String operation = common(statements, DatabaseAttributes.OPERATION);
		String collection = common(statements, DatabaseAttributes.COLLECTION);
		String procedure = common(statements, DatabaseAttributes.PROCEDURE);
		String text = statements.stream()
			.map((statement) -> statement.span().attribute(DatabaseAttributes.QUERY_TEXT))
			.filter(Objects::nonNull)
			.map(Object::toString)
			.distinct()
			.collect(Collectors.joining("; "));
		if (text.length() > SqlSanitizer.DEFAULT_LIMIT) {
			// It is also a key of the cache.
			text = text.substring(0, SqlSanitizer.DEFAULT_LIMIT - ELLIPSIS.length()) + ELLIPSIS;
		}
		return template((operation != null) ? BATCH + " " + operation : BATCH, collection, procedure, text, NO_SECRETS,
				false);
	}

	private static @Nullable String common(List<StatementTemplate> statements, String key) {
		List<String> distinct = statements.stream()
			.map((statement) -> String.valueOf(statement.span().attribute(key)))
			.distinct()
			.toList();
		return (distinct.size() == 1 && statements.get(0).span().attribute(key) != null) ? distinct.get(0) : null;
	}

	StatementTemplate commit() {
		return this.commit;
	}

	StatementTemplate rollback() {
		return this.rollback;
	}

	/**
	 * That a connection was waited for. It is work of this process as far as anybody
	 * knows: most of such time is spent in the queue of a pool.
	 */
	SpanTemplate connect() {
		return this.connect;
	}

	/**
	 * The code of the database for an error.
	 * @param error what was thrown
	 */
	@Nullable String statusCode(Throwable error) {
		return StatusCode.of(error, this.system);
	}

	/** Texts that are remembered as they were written. */
	int size() {
		return this.byText.size();
	}

	private StatementTemplate template(@Nullable String operation, @Nullable String collection,
			@Nullable String procedure, @Nullable String text, IntSupplier secrets, boolean several) {
		String name = name(operation, (collection != null) ? collection : procedure);
		SpanTemplate span = this.canonical.get(name + '\n' + text, (key) -> {
			Map<String, Object> attributes = new LinkedHashMap<>(this.database);
			put(attributes, DatabaseAttributes.OPERATION, operation);
			put(attributes, DatabaseAttributes.COLLECTION, collection);
			put(attributes, DatabaseAttributes.PROCEDURE, procedure);
			put(attributes, DatabaseAttributes.QUERY_TEXT, text);
			return SpanTemplate.of(name, Span.Kind.CLIENT, attributes, SpanLimits.DEFAULT);
		});
		return new StatementTemplate(span, secrets, several);
	}

	private static String name(@Nullable String operation, @Nullable String target) {
		return (operation == null) ? "SQL" : (target == null) ? operation : operation + " " + target;
	}

	private static void put(Map<String, Object> attributes, String key, @Nullable Object value) {
		if (value != null && !value.equals("")) {
			attributes.put(key, value);
		}
	}

}
