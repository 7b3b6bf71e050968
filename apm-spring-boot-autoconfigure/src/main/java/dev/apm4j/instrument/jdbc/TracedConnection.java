package dev.apm4j.instrument.jdbc;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A connection whose statements, commits and rollbacks are traced. As thread-safe as the
 * connection it stands for, as far as the application's view goes.
 */
final class TracedConnection extends DelegatingConnection implements Traced {

	/** What some drivers show of a URL in the text of a connection. */
	private static final Pattern PASSWORD = Pattern
		.compile("(?i)((?:password|passwd|pwd|secret|token)\\s*[=:]\\s*)[^;&,\\s)\\]}]*|(//[^:/@\\s]*:)[^@/\\s]*(?=@)");

	private final ConnectionTracing tracing;

	/** Of its database. */
	private @Nullable StatementTemplates templates;

	private long waitNanos;

	/** What was executed last and may have rows to tell. */
	private @Nullable Execution last;

	/** Of commits and rollbacks. */
	private @Nullable Execution transaction;

	TracedConnection(Connection delegate, ConnectionTracing tracing) {
		super(delegate);
		this.tracing = tracing;
	}

	/**
	 * The traced connection that a connection is or wraps.
	 * @param connection a connection of any driver, pool or proxy
	 * @return the traced connection, or {@code null} if there is none
	 */
	static @Nullable TracedConnection of(Connection connection) {
		if (connection instanceof TracedConnection traced) {
			return traced;
		}
		try {
			return connection.isWrapperFor(Traced.class) ? connection.unwrap(Traced.class).tracedConnection() : null;
		}
		catch (SQLException | RuntimeException | LinkageError ex) {
			// Drivers that don't implement it, as those before JDBC 4.
			return null;
		}
	}

	@Override
	public TracedConnection tracedConnection() {
		return this;
	}

	ConnectionTracing tracing() {
		return this.tracing;
	}

	StatementTemplates templates() {
		StatementTemplates known = this.templates;
		if (known == null) {
			known = this.tracing.templates(delegate());
			this.templates = known;
		}
		return known;
	}

	void waited(long nanos) {
		this.waitNanos = nanos;
	}

	/** How long this was waited for, unless that was told before. */
	long takeWait() {
		long nanos = this.waitNanos;
		this.waitNanos = 0;
		return nanos;
	}

	void executes(Execution execution) {
		Execution before = this.last;
		if (before != null && before != execution) {
			// It may be left open, and then nobody says when its rows are complete.
			before.flush();
		}
		this.last = execution;
	}

	void closed(Execution execution) {
		if (this.last == execution) {
			this.last = null;
		}
	}

	@Override
	@SuppressWarnings("NullAway")
	public DatabaseMetaData getMetaData() throws SQLException {
		DatabaseMetaData actual = super.getMetaData();
		return (actual != null) ? new TracedMetaData(actual, this) : actual;
	}

	@Override
	public Statement createStatement() throws SQLException {
		return traced(super.createStatement());
	}

	@Override
	public Statement createStatement(int type, int concurrency) throws SQLException {
		return traced(super.createStatement(type, concurrency));
	}

	@Override
	public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
		return traced(super.createStatement(type, concurrency, holdability));
	}

	@Override
	public PreparedStatement prepareStatement(String sql) throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareStatement(sql), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareStatement(sql, type, concurrency), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
			throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareStatement(sql, type, concurrency, holdability), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareStatement(sql, keys), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareStatement(sql, columns), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareStatement(sql, columns), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public CallableStatement prepareCall(String sql) throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareCall(sql), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareCall(sql, type, concurrency), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
		long begin = begin();
		try {
			return traced(super.prepareCall(sql, type, concurrency, holdability), sql);
		}
		catch (Throwable ex) {
			failed(sql, begin, ex);
			throw ex;
		}
	}

	@Override
	public void commit() throws SQLException {
		Execution execution = begin(Execution.Kind.COMMIT);
		try {
			super.commit();
		}
		catch (Throwable ex) {
			failed(execution, ex);
			throw ex;
		}
		succeeded(execution);
	}

	@Override
	public void rollback() throws SQLException {
		Execution execution = begin(Execution.Kind.ROLLBACK);
		try {
			super.rollback();
		}
		catch (Throwable ex) {
			failed(execution, ex);
			throw ex;
		}
		succeeded(execution);
	}

	@Override
	public void rollback(Savepoint savepoint) throws SQLException {
		Execution execution = begin(Execution.Kind.ROLLBACK);
		try {
			super.rollback(savepoint);
		}
		catch (Throwable ex) {
			failed(execution, ex);
			throw ex;
		}
		succeeded(execution);
	}

	@Override
	public void close() throws SQLException {
		// Another thread may close the statement meanwhile.
		Execution open = this.last;
		if (open != null) {
			open.end();
			this.last = null;
		}
		super.close();
	}

	/** The text of the connection that this stands for, without passwords. */
	@Override
	public String toString() {
		return PASSWORD.matcher(String.valueOf(delegate())).replaceAll("$1$2***");
	}

	private long begin() {
		return (this.tracing.calls() != null) ? System.nanoTime() : 0;
	}

	private void failed(String sql, long begin, Throwable error) {
		if (begin != 0) {
			new Execution(this).notPrepared(sql, begin, error);
		}
	}

	private Execution begin(Execution.Kind kind) {
		Execution execution = (this.transaction != null) ? this.transaction : new Execution(this);
		this.transaction = execution;
		execution.begin(kind, null);
		return execution;
	}

	private static void succeeded(Execution execution) {
		execution.succeeded(-1);
		execution.end();
	}

	private static void failed(Execution execution, Throwable error) {
		execution.failed(error);
		execution.end();
	}

	@SuppressWarnings("NullAway")
	private Statement traced(@Nullable Statement statement) {
		return (statement != null) ? new TracedStatement(statement, this, null) : null;
	}

	@SuppressWarnings("NullAway")
	private PreparedStatement traced(@Nullable PreparedStatement statement, String sql) {
		return (statement != null) ? new TracedPreparedStatement(statement, this, sql) : null;
	}

	@SuppressWarnings("NullAway")
	private CallableStatement traced(@Nullable CallableStatement statement, String sql) {
		return (statement != null) ? new TracedCallableStatement(statement, this, sql) : null;
	}

}
