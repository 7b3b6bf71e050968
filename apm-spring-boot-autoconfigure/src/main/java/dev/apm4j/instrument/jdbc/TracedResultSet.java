package dev.apm4j.instrument.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A result whose rows are counted when they are read one after the other.
 */
final class TracedResultSet extends DelegatingResultSet {

	/** What the rows of a result are to the statement. */
	enum Rows {

		/** All that it returns. */
		ALL,

		/** Others may follow. */
		SOME,

		/** Not what it returns: keys of what it inserted. */
		NOT_COUNTED

	}

	private final TracedStatement statement;

	private final Rows counted;

	TracedResultSet(ResultSet delegate, TracedStatement statement, Rows counted) {
		super(delegate);
		this.statement = statement;
		this.counted = counted;
	}

	@Override
	public boolean next() throws SQLException {
		boolean row = super.next();
		if (this.counted != Rows.NOT_COUNTED) {
			if (row) {
				this.statement.execution().row();
			}
			else {
				exhausted();
			}
		}
		return row;
	}

	/** A statement that is kept open for later must not keep the request. */
	private void exhausted() {
		this.statement.execution().exhausted();
		if (this.counted == Rows.ALL) {
			this.statement.execution().end();
		}
	}

	@Override
	public Statement getStatement() throws SQLException {
		Statement actual = super.getStatement();
		return (actual != null) ? this.statement : actual;
	}

	@Override
	public void close() throws SQLException {
		this.statement.closed(this, this.counted);
		super.close();
	}

}
