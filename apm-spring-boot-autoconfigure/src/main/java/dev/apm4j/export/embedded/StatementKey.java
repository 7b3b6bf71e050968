package dev.apm4j.export.embedded;

import dev.apm4j.trace.CallStatistics;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanTemplate;
import org.jspecify.annotations.Nullable;

/**
 * What makes a statement another one: its normalised text in its database. Name, batch
 * size and server don't.
 *
 * @param system the product
 * @param namespace the database
 * @param text the text, or for what has none, such as a commit, the operation
 */
record StatementKey(String system, String namespace, String text) {

	/** The tracer cuts texts here as well, unless its limits are raised. */
	private static final int MAX_TEXT = 4096;

	/** The key of calls, or {@code null} if they are no database's. */
	static @Nullable StatementKey of(SpanTemplate template) {
		String text = text(template, DatabaseAttributes.QUERY_TEXT);
		String operation = text.isEmpty() ? text(template, DatabaseAttributes.OPERATION) : text;
		return operation.isEmpty() ? null : new StatementKey(text(template, DatabaseAttributes.SYSTEM),
				text(template, DatabaseAttributes.NAMESPACE), operation);
	}

	static String text(SpanTemplate template, String attribute) {
		return (template.attribute(attribute) instanceof String text) ? cut(text) : "";
	}

	private static String cut(String text) {
		return (text.length() > MAX_TEXT) ? text.substring(0, MAX_TEXT) : text;
	}

	/**
	 * Whether calls execute SQL. Of the kinds of calls beyond those that a segment tells
	 * apart it is assumed: nothing else has that many.
	 */
	static boolean isStatement(CallStatistics calls) {
		SpanTemplate template = calls.template();
		return template == null || template.attribute(DatabaseAttributes.QUERY_TEXT) != null;
	}

}
