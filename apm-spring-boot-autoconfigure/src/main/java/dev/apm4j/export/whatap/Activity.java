package dev.apm4j.export.whatap;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;

/**
 * What a running transaction is doing, in the agent's words. It is told by spans, so a
 * call without one counts as {@link #METHOD}: that of an unsampled transaction, or one of
 * many alike that share a span.
 */
enum Activity {

	/** Work of its own. */
	METHOD,

	/** Waits for a database. */
	SQL,

	/** Waits for another server's answer. */
	HTTP_CALL,

	/** Waits for a connection to a database. */
	DATABASE_CONNECTION,

	/** Waits for anything else outside, such as a message broker. */
	SOCKET;

	static Activity of(Segment segment) {
		SpanData span = segment.newestOpenSpan();
		if (span == null) {
			return METHOD;
		}
		Span.Kind kind = span.kind();
		boolean database = span.attribute(DatabaseAttributes.SYSTEM) != null;
		if (kind == null) {
			// A wait for a connection is work of this process to all others.
			return database ? DATABASE_CONNECTION : METHOD;
		}
		return switch (kind) {
			case SERVER, CONSUMER -> METHOD;
			case CLIENT, PRODUCER -> database ? SQL : isCall(span) ? HTTP_CALL : SOCKET;
		};
	}

	private static boolean isCall(SpanData span) {
		return span.attribute("http.request.method") != null || span.attribute("url.full") != null
				|| span.attribute("rpc.system") != null;
	}

	/** How many transactions are at what; nothing is missing. */
	static Map<Activity, Integer> count(List<ActiveTransaction> transactions) {
		Map<Activity, Integer> counts = new EnumMap<>(Activity.class);
		for (Activity activity : values()) {
			counts.put(activity, 0);
		}
		for (ActiveTransaction transaction : transactions) {
			counts.merge(of(transaction.segment()), 1, Integer::sum);
		}
		return counts;
	}

	/** Writes how many of the transactions are at what. */
	static PacketSource statistics(List<ActiveTransaction> transactions) {
		Map<Activity, Integer> counts = count(transactions);
		return (packets) -> packets.control()
			.activeStats(counts.getOrDefault(METHOD, 0), counts.getOrDefault(SQL, 0), counts.getOrDefault(HTTP_CALL, 0),
					counts.getOrDefault(DATABASE_CONNECTION, 0), counts.getOrDefault(SOCKET, 0));
	}

}
