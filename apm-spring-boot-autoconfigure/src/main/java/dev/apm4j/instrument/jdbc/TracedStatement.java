package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * A statement whose executions are traced.
 */
class TracedStatement extends DelegatingStatement {

	private final TracedConnection connection;

	private final @Nullable String text;

	private final Execution execution;

	/** The result that was given out last and may be asked for again. */
	private @Nullable TracedResultSet result;

	/**
	 * Creates a traced statement.
	 * @param delegate the statement
	 * @param connection the traced connection that it belongs to
	 * @param text the text of a prepared statement, {@code null} of others
	 */
	TracedStatement(Statement delegate, TracedConnection connection, @Nullable String text) {
		super(delegate);
		this.text = text;
		this.connection = connection;
		this.execution = new Execution(connection);
	}

	final Execution execution() {
		return this.execution;
	}

	final TracedConnection connection() {
		return this.connection;
	}

	final @Nullable String text() {
		return this.text;
	}

	private void begin(Execution.Kind kind, @Nullable String sql) {
		this.result = null;
		this.execution.begin(kind, sql);
	}

	@Override
	public ResultSet executeQuery(String sql) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			ResultSet result = super.executeQuery(sql);
			this.execution.succeeded(-1);
			return only(result);
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public int executeUpdate(String sql) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			int count = super.executeUpdate(sql);
			this.execution.succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public int executeUpdate(String sql, int keys) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			int count = super.executeUpdate(sql, keys);
			this.execution.succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public int executeUpdate(String sql, int[] columns) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			int count = super.executeUpdate(sql, columns);
			this.execution.succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public int executeUpdate(String sql, String[] columns) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			int count = super.executeUpdate(sql, columns);
			this.execution.succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public long executeLargeUpdate(String sql) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			long count = super.executeLargeUpdate(sql);
			this.execution.succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public long executeLargeUpdate(String sql, int keys) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			long count = super.executeLargeUpdate(sql, keys);
			this.execution.succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public long executeLargeUpdate(String sql, int[] columns) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			long count = super.executeLargeUpdate(sql, columns);
			this.execution.succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public long executeLargeUpdate(String sql, String[] columns) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			long count = super.executeLargeUpdate(sql, columns);
			this.execution.succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public boolean execute(String sql) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			boolean result = super.execute(sql);
			this.execution.succeeded(-1);
			return result;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public boolean execute(String sql, int keys) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			boolean result = super.execute(sql, keys);
			this.execution.succeeded(-1);
			return result;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public boolean execute(String sql, int[] columns) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			boolean result = super.execute(sql, columns);
			this.execution.succeeded(-1);
			return result;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public boolean execute(String sql, String[] columns) throws SQLException {
		begin(Execution.Kind.STATEMENT, sql);
		try {
			boolean result = super.execute(sql, columns);
			this.execution.succeeded(-1);
			return result;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public int[] executeBatch() throws SQLException {
		begin(Execution.Kind.BATCH, this.text);
		try {
			int[] counts = super.executeBatch();
			this.execution.succeeded(sum(counts));
			return counts;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public long[] executeLargeBatch() throws SQLException {
		begin(Execution.Kind.BATCH, this.text);
		try {
			long[] counts = super.executeLargeBatch();
			this.execution.succeeded(sum(counts));
			return counts;
		}
		catch (Throwable ex) {
			this.execution.failed(ex);
			throw ex;
		}
	}

	@Override
	public void addBatch(String sql) throws SQLException {
		super.addBatch(sql);
		this.execution.add(sql);
	}

	@Override
	public void clearBatch() throws SQLException {
		super.clearBatch();
		this.execution.clearBatch();
	}

	@Override
	public int getUpdateCount() throws SQLException {
		int count = super.getUpdateCount();
		this.execution.updated(count);
		return count;
	}

	@Override
	public long getLargeUpdateCount() throws SQLException {
		long count = super.getLargeUpdateCount();
		this.execution.updated(count);
		return count;
	}

	@Override
	public boolean getMoreResults() throws SQLException {
		this.execution.moreResults();
		return super.getMoreResults();
	}

	@Override
	public boolean getMoreResults(int current) throws SQLException {
		this.execution.moreResults();
		return super.getMoreResults(current);
	}

	@Override
	public ResultSet getResultSet() throws SQLException {
		return traced(super.getResultSet());
	}

	@Override
	public ResultSet getGeneratedKeys() throws SQLException {
		ResultSet keys = super.getGeneratedKeys();
		return (keys != null) ? new TracedResultSet(keys, this, TracedResultSet.Rows.NOT_COUNTED) : keys;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection actual = super.getConnection();
		return (actual != null) ? this.connection : actual;
	}

	@Override
	public void close() throws SQLException {
		this.execution.end();
		this.connection.closed(this.execution);
		this.result = null;
		super.close();
	}

	/**
	 * The result of a query. Mostly it is the only one: once it is closed nothing more is
	 * expected.
	 */
	@SuppressWarnings("NullAway")
	final ResultSet only(@Nullable ResultSet rows) {
		return traced(rows, this.execution.mayReturnSeveral() ? TracedResultSet.Rows.SOME : TracedResultSet.Rows.ALL);
	}

	/** One of possibly several results; the same one if it is asked for again. */
	@SuppressWarnings("NullAway")
	final ResultSet traced(@Nullable ResultSet rows) {
		TracedResultSet known = this.result;
		return (known != null && known.delegate() == rows) ? known : traced(rows, TracedResultSet.Rows.SOME);
	}

	private @Nullable ResultSet traced(@Nullable ResultSet rows, TracedResultSet.Rows counted) {
		if (rows == null || rows instanceof TracedResultSet) {
			return rows;
		}
		TracedResultSet traced = new TracedResultSet(rows, this, counted);
		this.result = traced;
		return traced;
	}

	/** A result is closed, unless the statement has gone on to another since. */
	final void closed(TracedResultSet closed, TracedResultSet.Rows counted) {
		if (this.result == closed) {
			if (counted == TracedResultSet.Rows.ALL) {
				this.execution.end();
			}
			else {
				this.execution.flush();
			}
			this.result = null;
		}
	}

	/** A result can't be read any further, unless it is an older one or closed. */
	final void failed(TracedResultSet broken, Throwable error) {
		if (this.result == broken) {
			this.execution.failedReading(error);
		}
	}

	/** The rows that a batch changed, as far as the driver tells. */
	private static long sum(int @Nullable [] counts) {
		long sum = -1;
		for (int i = 0; counts != null && i < counts.length; i++) {
			sum = (counts[i] >= 0) ? Math.max(0, sum) + counts[i] : sum;
		}
		return sum;
	}

	private static long sum(long @Nullable [] counts) {
		long sum = -1;
		for (int i = 0; counts != null && i < counts.length; i++) {
			sum = (counts[i] >= 0) ? Math.max(0, sum) + counts[i] : sum;
		}
		return sum;
	}

}
