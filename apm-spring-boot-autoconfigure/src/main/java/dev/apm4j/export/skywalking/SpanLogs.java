package dev.apm4j.export.skywalking;

import dev.apm4j.export.FailureText;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.Log;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.SpanEvent;

/**
 * Writes the error and the events of a span as its logs, in the form of SkyWalking's Java
 * agent. Not thread-safe.
 */
final class SpanLogs {

	private static final int MAX_LOGS = 500;

	private static final int MAX_EVENT = 1024;

	private static final int MAX_KIND = 256;

	private static final int MAX_MESSAGE = 1024;

	private static final int MAX_STACK = 4000;

	private static final long NANOS_PER_MILLI = 1_000_000;

	private final Log.Builder log = Log.newBuilder();

	private final KeyStringValuePair.Builder pair = KeyStringValuePair.newBuilder();

	void addAll(SpanData span, long endMillis, SpanObject.Builder target) {
		Throwable error = span.error();
		for (SpanEvent event : span.events()) {
			if (target.getLogsCount() >= MAX_LOGS - ((error != null) ? 1 : 0)) {
				break;
			}
			this.log.clear().setTime(event.epochNanos() / NANOS_PER_MILLI);
			put("event", event.name(), MAX_EVENT);
			target.addLogs(this.log);
		}
		if (error != null) {
			error(error, endMillis);
			target.addLogs(this.log);
		}
	}

	private void error(Throwable error, long endMillis) {
		FailureText text = FailureText.of(error);
		this.log.clear().setTime(endMillis);
		put("event", "error", MAX_EVENT);
		put("error.kind", text.type(), MAX_KIND);
		String message = text.message();
		put("message", (message != null) ? message : "", MAX_MESSAGE);
		put("stack", StackText.fit(text.stack(), MAX_STACK), MAX_STACK);
	}

	private void put(String key, String value, int maxLength) {
		this.log.addData(this.pair.setKey(key).setValue(WireText.text(value, maxLength)));
	}

}
