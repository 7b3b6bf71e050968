package dev.apm4j.export.whatap;

import java.io.IOException;

import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.TraceIds;
import org.jspecify.annotations.Nullable;

/**
 * Writes the packets of single steps. All texts are made before a packet is begun, so
 * that nothing can fail within one. For one thread.
 */
final class StepWriter {

	private final PacketSink sink;

	private final TransactionHeader header;

	private final FreeText freeText;

	private final DatabaseTexts texts;

	StepWriter(PacketSink sink, TransactionHeader header, FreeText freeText, DatabaseTexts texts) {
		this.sink = sink;
		this.header = header;
		this.freeText = freeText;
		this.texts = texts;
	}

	/**
	 * Writes a statement, its error before it.
	 * @param span the span
	 * @param time the transaction's time
	 * @param error what it failed with, if that is to be told
	 * @throws IOException if it could not be sent
	 */
	void statement(SpanData span, StepTime time, @Nullable ErrorTexts error) throws IOException {
		String connection = this.texts.connection(span);
		String statement = this.texts.statement(span);
		String parameters = this.texts.parameters(span);
		long rows = SpanValues.number(span, DatabaseAttributes.RETURNED_ROWS);
		at(span, time);
		if (parameters != null) {
			String type = (error != null) ? error.type() : null;
			String message = (error != null) ? error.message() : null;
			String stack = (error != null) ? CallStack.innermost(error.stack(), TextLimits.ERROR_OF_PARAMETERS) : null;
			send((packets) -> packets.sqlWithParameters(this.header, connection, statement, parameters, type, message,
					stack));
		}
		else {
			error(error);
			send((packets) -> packets.sql(this.header, connection, statement, rows));
		}
	}

	/** Writes what else is to be said of a statement. */
	void detailsOfStatement(SpanData span, StepTime time) throws IOException {
		long rows = SpanValues.number(span, DatabaseAttributes.RETURNED_ROWS);
		if (rows > 0) {
			message(span, time, "Fetch count", rows, "Fetch count: " + rows);
		}
		long batch = SpanValues.number(span, DatabaseAttributes.BATCH_SIZE);
		if (batch > 0) {
			message(span, time, "Batch", batch, batch + " statements in a batch");
		}
		long repeated = SpanValues.number(span, DatabaseAttributes.REPEATED);
		if (repeated > 0) {
			message(span, time, "Repeated statement", repeated, this.texts.repeated(span, repeated));
		}
	}

	/** Writes that a connection was got, from one time to another. */
	void connection(SpanData span, StepTime time, long startNanos, long endNanos) throws IOException {
		String connection = this.texts.connection(span);
		time.set(this.header, startNanos, endNanos);
		send((packets) -> packets.databaseConnection(this.header, connection));
	}

	/** Writes a call, its error before it. */
	void call(SpanData span, StepTime time, @Nullable ErrorTexts error) throws IOException {
		String url = this.freeText.line(WireUrl.of(CallUrl.of(span)));
		String driver = this.freeText.line(CallUrl.driver(span));
		String id = span.spanId();
		long stepId = TraceIds.parse(id, 0, id.length());
		at(span, time);
		error(error);
		send((packets) -> packets.httpCall(this.header, url, stepId, driver));
	}

	void completion(SpanData span, StepTime time) throws IOException {
		boolean commit = "COMMIT".equals(SpanValues.first(span, DatabaseAttributes.OPERATION, "db.operation"));
		method(span, time, commit ? "Connection.commit" : "Connection.rollback");
	}

	void method(SpanData span, StepTime time) throws IOException {
		String function = SpanValues.text(span, SpanValues.FUNCTION);
		method(span, time, (span.kind() == null && function != null) ? this.freeText.line(classAndMethod(function))
				: this.freeText.name(span.name(), "unknown"));
	}

	private void method(SpanData span, StepTime time, String name) throws IOException {
		at(span, time);
		send((packets) -> packets.method(this.header, name, null));
	}

	private static String classAndMethod(String function) {
		int method = function.lastIndexOf('.');
		int type = (method > 0) ? function.lastIndexOf('.', method - 1) : -1;
		return function.substring(type + 1);
	}

	private void message(SpanData span, StepTime time, String title, long value, String text) throws IOException {
		at(span, time);
		message(title, Long.toString(Math.min(Integer.MAX_VALUE, value)), text);
	}

	/** Writes a message, whose time is set; its title goes into a dictionary. */
	void message(String title, String value, String text) throws IOException {
		send((packets) -> packets.message(this.header, title, value, text));
	}

	/** Writes an error, whose time is set. */
	void error(@Nullable ErrorTexts error) throws IOException {
		if (error != null) {
			send((packets) -> packets.error(this.header, error.type(), error.message(), error.stack()));
		}
	}

	private void at(SpanData span, StepTime time) {
		long start = span.startEpochNanos();
		time.set(this.header, start, start + span.durationNanos());
	}

	void send(Step step) throws IOException {
		this.sink.send((packets) -> step.writeTo(packets.transactions()), AgentLink.Flush.LATER);
	}

	/** Writes one packet. */
	@FunctionalInterface
	interface Step {

		boolean writeTo(TransactionPackets packets);

	}

}
