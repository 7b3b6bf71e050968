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

	/** Number of the row that the cursor is on, from 1; 0 before the first. */
	private int position;

	private int furthest;

	TracedResultSet(ResultSet delegate, TracedStatement statement, Rows counted) {
		super(delegate);
		this.statement = statement;
		this.counted = counted;
	}

	@Override
	public boolean next() throws SQLException {
		boolean row;
		try {
			row = super.next();
		}
		catch (Throwable ex) {
			if (this.counted != Rows.NOT_COUNTED) {
				this.statement.failed(this, ex);
			}
			throw ex;
		}
		if (this.counted != Rows.NOT_COUNTED) {
			if (row) {
				reached(this.position + 1);
			}
			else {
				exhausted();
			}
		}
		return row;
	}

	@Override
	public boolean previous() throws SQLException {
		return moved(super.previous());
	}

	@Override
	public boolean first() throws SQLException {
		return moved(super.first());
	}

	@Override
	public boolean last() throws SQLException {
		return moved(super.last());
	}

	@Override
	public boolean absolute(int row) throws SQLException {
		return moved(super.absolute(row));
	}

	@Override
	public boolean relative(int rows) throws SQLException {
		return moved(super.relative(rows));
	}

	@Override
	public void beforeFirst() throws SQLException {
		super.beforeFirst();
		this.position = 0;
	}

	private boolean moved(boolean onRow) {
		if (this.counted != Rows.NOT_COUNTED) {
			try {
				reached(onRow ? super.getRow() : 0);
			}
			catch (SQLException | RuntimeException | LinkageError ex) {
				this.statement.connection().tracing().ignore(ex);
			}
		}
		return onRow;
	}

	/** A row that is read again is not another one. */
	private void reached(int row) {
		this.position = row;
		if (row > this.furthest) {
			this.statement.execution().rows((long) row - this.furthest);
			this.furthest = row;
		}
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
