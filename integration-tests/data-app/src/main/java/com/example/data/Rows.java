package com.example.data;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;

import org.springframework.jdbc.core.RowMapper;

/**
 * Results as text, so that they can be compared whatever they were read with.
 */
final class Rows {

	static final RowMapper<String> MAPPER = (result, row) -> text(result);

	private Rows() {
	}

	static String text(ResultSet result) throws SQLException {
		StringJoiner columns = new StringJoiner("|");
		for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
			columns.add(result.getString(i));
		}
		return columns.toString();
	}

	static String text(Object... columns) {
		StringJoiner text = new StringJoiner("|");
		for (Object column : columns) {
			text.add(String.valueOf(column));
		}
		return text.toString();
	}

	/** What the driver said, below whatever wraps it. */
	static List<String> failure(Throwable failure) {
		Throwable cause = failure;
		while (!(cause instanceof SQLException) && cause.getCause() != null) {
			cause = cause.getCause();
		}
		if (cause instanceof SQLException sql) {
			return List.of(sql.getClass().getName(), String.valueOf(sql.getSQLState()),
					Integer.toString(sql.getErrorCode()),
					// MariaDB's driver numbers its connections.
					String.valueOf(sql.getMessage()).replaceFirst("^\\(conn=\\d+\\) ", ""));
		}
		return List.of(failure.toString());
	}

}
