package dev.apm4j.instrument.jdbc;

import java.sql.CallableStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A call of a stored procedure, whose executions are traced and whose cursors' rows are
 * counted.
 */
final class TracedCallableStatement extends DelegatingCallableStatement {

	TracedCallableStatement(CallableStatement delegate, TracedConnection connection, @Nullable String text) {
		super(delegate, connection, text);
	}

	@Override
	public Object getObject(int index) throws SQLException {
		return cursor(super.getObject(index));
	}

	@Override
	public Object getObject(int index, Map<String, Class<?>> types) throws SQLException {
		return cursor(super.getObject(index, types));
	}

	@Override
	public <T> T getObject(int index, Class<T> type) throws SQLException {
		return cursor(super.getObject(index, type), type);
	}

	@Override
	public Object getObject(String name) throws SQLException {
		return cursor(super.getObject(name));
	}

	@Override
	public Object getObject(String name, Map<String, Class<?>> types) throws SQLException {
		return cursor(super.getObject(name, types));
	}

	@Override
	public <T> T getObject(String name, Class<T> type) throws SQLException {
		return cursor(super.getObject(name, type), type);
	}

	private Object cursor(Object value) {
		return (value instanceof ResultSet rows) ? traced(rows) : value;
	}

	/** A driver's own kind of result, if that was asked for, stays what it is. */
	private <T> T cursor(T value, @Nullable Class<T> type) {
		return (value instanceof ResultSet rows && type == ResultSet.class) ? type.cast(traced(rows)) : value;
	}

}
