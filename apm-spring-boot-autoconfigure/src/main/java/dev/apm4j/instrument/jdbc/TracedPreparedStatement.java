package dev.apm4j.instrument.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * A prepared statement whose executions are traced; that it is prepared isn't.
 */
class TracedPreparedStatement extends DelegatingPreparedStatement {

	private final @Nullable BindValues values;

	TracedPreparedStatement(PreparedStatement delegate, TracedConnection connection, @Nullable String text) {
		super(delegate, connection, text);
		this.values = connection.tracing().recordsBindValues() ? new BindValues() : null;
	}

	@Override
	final boolean recordsParameters() {
		return this.values != null;
	}

	@Override
	final void bound(int index, @Nullable Object value, long length) {
		try {
			if (this.values != null) {
				this.values.set(index, value, length);
			}
		}
		catch (RuntimeException | LinkageError ex) {
			connection().tracing().ignore(ex);
		}
	}

	@Override
	final void bound(@Nullable String name, @Nullable Object value, long length) {
		try {
			if (this.values != null) {
				this.values.set(name, value, length);
			}
		}
		catch (RuntimeException | LinkageError ex) {
			connection().tracing().ignore(ex);
		}
	}

	private void begin() {
		execution().begin(Execution.Kind.PREPARED, text(), this.values);
	}

	@Override
	public ResultSet executeQuery() throws SQLException {
		begin();
		try {
			ResultSet result = super.executeQuery();
			execution().succeeded(-1);
			return only(result);
		}
		catch (Throwable ex) {
			execution().failed(ex);
			throw ex;
		}
	}

	@Override
	public int executeUpdate() throws SQLException {
		begin();
		try {
			int count = super.executeUpdate();
			execution().succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			execution().failed(ex);
			throw ex;
		}
	}

	@Override
	public long executeLargeUpdate() throws SQLException {
		begin();
		try {
			long count = super.executeLargeUpdate();
			execution().succeeded(count);
			return count;
		}
		catch (Throwable ex) {
			execution().failed(ex);
			throw ex;
		}
	}

	@Override
	public boolean execute() throws SQLException {
		begin();
		try {
			boolean result = super.execute();
			execution().succeeded(-1);
			return result;
		}
		catch (Throwable ex) {
			execution().failed(ex);
			throw ex;
		}
	}

	@Override
	public void addBatch() throws SQLException {
		super.addBatch();
		execution().add(null);
	}

	@Override
	public void clearParameters() throws SQLException {
		super.clearParameters();
		if (this.values != null) {
			this.values.clear();
		}
	}

}
