package dev.apm4j.export.whatap;

import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * What a span becomes. WhaTap knows no messages and caches: they are methods and
 * statements.
 */
enum StepKind {

	/** Getting a connection. */
	CONNECTION,

	/** A statement or a command of a database. */
	STATEMENT,

	/** Commit and rollback, which have no statement. */
	COMPLETION,

	/** A call of another server. */
	CALL,

	/** All else. */
	METHOD;

	static StepKind of(SpanData span) {
		if (system(span) != null) {
			if (span.kind() == null && span.name().startsWith("CONNECT")) {
				return CONNECTION;
			}
			if (span.kind() == Span.Kind.CLIENT) {
				return isCompletion(span) ? COMPLETION : STATEMENT;
			}
		}
		return (span.kind() == Span.Kind.CLIENT && isCall(span)) ? CALL : METHOD;
	}

	/** Whether the agent keeps statistics of it, with or without a transaction. */
	boolean isCounted() {
		return this == STATEMENT || this == CALL;
	}

	private static boolean isCompletion(SpanData span) {
		String operation = SpanValues.first(span, DatabaseAttributes.OPERATION, "db.operation");
		return ("COMMIT".equals(operation) || "ROLLBACK".equals(operation))
				&& SpanValues.first(span, DatabaseAttributes.QUERY_TEXT, "db.statement") == null;
	}

	private static boolean isCall(SpanData span) {
		if (span.attribute(SpanValues.MESSAGING_SYSTEM) != null) {
			return false;
		}
		return span.attribute(SpanValues.HTTP_METHOD) != null || span.attribute(SpanValues.URL_FULL) != null
				|| span.attribute(SpanValues.HTTP_STATUS) != null || span.attribute(SpanValues.RPC_SYSTEM) != null
				|| span.attribute(SpanValues.RPC_SERVICE) != null || span.attribute(SpanValues.GRPC_STATUS) != null;
	}

	static @Nullable String system(SpanData span) {
		return SpanValues.first(span, DatabaseAttributes.SYSTEM, "db.system");
	}

}
