package dev.apm4j.trace;

/**
 * The attributes of a database call (OpenTelemetry semantic conventions, "Database
 * spans"), and our own about calls that repeat.
 */
public final class DatabaseAttributes {

	/** The product, such as {@code postgresql} or {@code h2database}. */
	public static final String SYSTEM = "db.system.name";

	/** The database, as the connection names it. */
	public static final String NAMESPACE = "db.namespace";

	/**
	 * What is done, such as {@code SELECT}, {@code COMMIT} or, in a batch of two or more,
	 * {@code BATCH INSERT}.
	 */
	public static final String OPERATION = "db.operation.name";

	/** How many statements a batch has; only for batches of two or more. */
	public static final String BATCH_SIZE = "db.operation.batch.size";

	/** The table or view. */
	public static final String COLLECTION = "db.collection.name";

	/** The procedure or function that is called. */
	public static final String PROCEDURE = "db.stored_procedure.name";

	/** The statement, with a {@code ?} in place of every literal. */
	public static final String QUERY_TEXT = "db.query.text";

	/** Prefix of bind values, followed by the parameter's name or 0-based position. */
	public static final String QUERY_PARAMETER = "db.query.parameter.";

	/** SQLSTATE or the vendor's code of a call that failed. */
	public static final String STATUS_CODE = "db.response.status_code";

	/** How many rows were fetched from the result. */
	public static final String RETURNED_ROWS = "db.response.returned_rows";

	/** How many rows a statement changed. */
	public static final String AFFECTED_ROWS = "apm.db.affected_rows";

	/**
	 * How long the connection of this statement was waited for, in nanoseconds; only on
	 * the first statement of a connection.
	 */
	public static final String CONNECTION_WAIT = "apm.db.connection.wait";

	/**
	 * How many calls the span stands for; only on spans that stand for many. Their start
	 * is that of the first call, their duration the sum of all.
	 */
	public static final String REPEATED = "apm.db.repeated";

	/** Duration of the shortest of the calls that the span stands for, nanoseconds. */
	public static final String REPEATED_MIN = "apm.db.repeated.min";

	/** Duration of the longest of the calls that the span stands for, nanoseconds. */
	public static final String REPEATED_MAX = "apm.db.repeated.max";

	/**
	 * Where in the application repeated calls come from: a list of frames such as
	 * {@code shop.OrderService.items(OrderService.java:42)}, the innermost first.
	 */
	public static final String CALLERS = "apm.db.callers";

	private DatabaseAttributes() {
	}

}
