package dev.apm4j.instrument.jdbc;

import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.ExitCall;
import dev.apm4j.trace.ExitCalls;
import org.jspecify.annotations.Nullable;

/**
 * What a statement, or a connection of its own accord, does at a time. All that wrappers
 * want of the tracer goes through here, and nothing that goes wrong on the other side
 * comes back: no method throws. Not thread-safe.
 */
final class Execution {

	/** What is executed. */
	enum Kind {

		STATEMENT, PREPARED, BATCH, COMMIT, ROLLBACK

	}

	private final TracedConnection connection;

	private @Nullable ExitCall call;

	/** Of a prepared statement, once it was executed. */
	private @Nullable StatementTemplate prepared;

	private @Nullable BatchTexts batch;

	private int batchSize;

	/** Rows that the call doesn't know of yet. */
	private long rows;

	private boolean rowsReported;

	private boolean counted;

	/** Other results may follow the first one. */
	private boolean several;

	/**
	 * Between begin and end, when another thread may close the statement or its
	 * connection to have it end.
	 */
	private boolean running;

	Execution(TracedConnection connection) {
		this.connection = connection;
	}

	void begin(Kind kind, @Nullable String sql) {
		begin(kind, sql, null);
	}

	/**
	 * Begins an execution; {@link #succeeded(long)} or {@link #failed(Throwable)}
	 * follows.
	 * @param kind what is executed
	 * @param sql the text of a statement
	 * @param values the values of its parameters, if they are recorded
	 */
	void begin(Kind kind, @Nullable String sql, @Nullable BindValues values) {
		this.running = false;
		end();
		this.counted = false;
		try {
			ExitCalls calls = this.connection.tracing().calls();
			if (calls != null) {
				StatementTemplate template = template(kind, sql);
				ExitCall next = (this.call != null) ? this.call : calls.newCall();
				next.begin(template.span(), this.connection.takeWait());
				this.call = next;
				this.running = true;
				this.rowsReported = false;
				this.several = template.mayReturnSeveral();
				if (kind != Kind.COMMIT && kind != Kind.ROLLBACK) {
					this.connection.executes(this);
				}
				ApmSpan span = next.span();
				if (span != null) {
					describe(span, kind, template, values);
				}
			}
		}
		catch (RuntimeException | LinkageError ex) {
			this.connection.tracing().ignore(ex);
		}
		if (kind == Kind.BATCH) {
			clearBatch();
		}
	}

	private void describe(ApmSpan span, Kind kind, StatementTemplate template, @Nullable BindValues values) {
		if (kind == Kind.BATCH && this.batchSize > 1) {
			span.tag(DatabaseAttributes.BATCH_SIZE, this.batchSize);
		}
		if (kind == Kind.PREPARED && values != null) {
			values.describe(span, template.secrets());
		}
	}

	private StatementTemplate template(Kind kind, @Nullable String sql) {
		StatementTemplates templates = this.connection.templates();
		return switch (kind) {
			case STATEMENT -> templates.of(sql);
			case COMMIT -> templates.commit();
			case ROLLBACK -> templates.rollback();
			case PREPARED -> prepared(templates, sql);
			case BATCH -> (sql != null) ? batch(templates, prepared(templates, sql)) : batch(templates);
		};
	}

	private StatementTemplate batch(StatementTemplates templates, StatementTemplate statement) {
		return (this.batchSize > 1) ? templates.batch(statement) : statement;
	}

	private StatementTemplate batch(StatementTemplates templates) {
		return (this.batch != null) ? this.batch.template(templates) : templates.batch(List.of());
	}

	private StatementTemplate prepared(StatementTemplates templates, @Nullable String sql) {
		StatementTemplate known = this.prepared;
		if (known == null) {
			known = templates.of(sql);
			this.prepared = known;
		}
		return known;
	}

	/**
	 * A statement that could not be prepared.
	 * @param sql the text
	 * @param begin when that was tried, as {@link System#nanoTime()}
	 * @param error why not
	 */
	void notPrepared(@Nullable String sql, long begin, Throwable error) {
		try {
			ExitCalls calls = this.connection.tracing().calls();
			if (calls != null) {
				ExitCall failed = calls.newCall();
				StatementTemplate template = this.connection.templates().of(sql);
				failed.beginEarlier(template.span(), this.connection.takeWait(), begin);
				failed.failed(error, statusCode(error));
			}
		}
		catch (RuntimeException | LinkageError ex) {
			this.connection.tracing().ignore(ex);
		}
	}

	/**
	 * Ends the execution.
	 * @param affectedRows how many rows it changed, less than 0 if that isn't known
	 */
	void succeeded(long affectedRows) {
		this.running = false;
		ExitCall current = this.call;
		if (current == null) {
			return;
		}
		try {
			if (affectedRows >= 0) {
				current.addAffectedRows(affectedRows);
				this.counted = true;
			}
			current.succeeded();
		}
		catch (RuntimeException | LinkageError ex) {
			this.connection.tracing().ignore(ex);
		}
		if (affectedRows >= 0 && !this.several) {
			// A statement that is kept for later must not keep the request.
			current.forget();
		}
	}

	void failed(Throwable error) {
		this.running = false;
		ExitCall current = this.call;
		if (current == null) {
			return;
		}
		try {
			current.failed(error, statusCode(error));
		}
		catch (RuntimeException | LinkageError ex) {
			this.connection.tracing().ignore(ex);
		}
		current.forget();
	}

	/** The result can't be read, as the server found out while it was sending it. */
	void failedReading(Throwable error) {
		flush();
		ExitCall current = this.call;
		if (current == null) {
			return;
		}
		try {
			current.failedAfterwards(error, statusCode(error));
		}
		catch (RuntimeException | LinkageError ex) {
			this.connection.tracing().ignore(ex);
		}
		current.forget();
	}

	private @Nullable String statusCode(Throwable error) {
		return this.connection.templates().statusCode(error);
	}

	/**
	 * An update count that was asked for after the execution. The same one may be asked
	 * for again.
	 */
	void updated(long count) {
		ExitCall current = this.call;
		if (current != null && count >= 0 && !this.counted) {
			this.counted = true;
			current.addAffectedRows(count);
		}
	}

	boolean mayReturnSeveral() {
		return this.several;
	}

	/** Another result, with a count of its own. */
	void moreResults() {
		this.counted = false;
	}

	void rows(long number) {
		this.rows += number;
	}

	/** A result was read to its end, which also tells that there were no rows. */
	void exhausted() {
		if (this.call != null && (this.rows > 0 || !this.rowsReported)) {
			this.call.addRows(this.rows);
			this.rowsReported = true;
		}
		this.rows = 0;
	}

	void flush() {
		if (this.rows > 0) {
			exhausted();
		}
	}

	/** Nothing more is expected of the last execution, whose segment may go. */
	void end() {
		if (this.running) {
			return;
		}
		flush();
		if (this.call != null) {
			this.call.forget();
		}
	}

	/**
	 * Adds to the next batch.
	 * @param sql the text, or {@code null} for another execution of the prepared one
	 */
	void add(@Nullable String sql) {
		this.batchSize++;
		if (sql != null) {
			try {
				if (this.batch == null) {
					this.batch = new BatchTexts();
				}
				this.batch.add(sql);
			}
			catch (RuntimeException | LinkageError ex) {
				this.connection.tracing().ignore(ex);
			}
		}
	}

	void clearBatch() {
		this.batchSize = 0;
		this.batch = null;
	}

}
