package dev.apm4j.usage;

import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The intervals that the collector sets with every poll. Source: Scavenger's
 * {@code GetConfigResponse}.
 *
 * @param poll between polls
 * @param pollRetry after a refused poll
 * @param codeBaseRetry after a refused code base
 * @param invocations between publications of invocations
 * @param invocationsRetry after a refused one
 */
record ServerIntervals(Duration poll, Duration pollRetry, Duration codeBaseRetry, Duration invocations,
		Duration invocationsRetry) {

	/** What Scavenger's collector sets unless it is configured. */
	static final Duration DEFAULT = Duration.ofSeconds(120);

	/** Nobody wants to wait longer, whatever a collector says. */
	private static final long MAX_SECONDS = Duration.ofDays(1).toSeconds();

	/**
	 * Reads the answer to a poll.
	 * @param message the answer; what it does not say or says as 0 or less is 120 s, more
	 * than a day is a day
	 * @return the intervals
	 * @throws IllegalArgumentException if this is no protobuf message
	 */
	static ServerIntervals read(ByteBuffer message) {
		Duration[] intervals = new Duration[7];
		ProtobufReader reader = new ProtobufReader(message);
		for (Integer field = reader.next(); field != null; field = reader.next()) {
			if (field < intervals.length && reader.value() > 0) {
				intervals[field] = Duration.ofSeconds(Math.min(reader.value(), MAX_SECONDS));
			}
		}
		return new ServerIntervals(or(intervals[1]), or(intervals[2]), or(intervals[4]), or(intervals[5]),
				or(intervals[6]));
	}

	/**
	 * One interval for all.
	 * @param interval the interval
	 * @return the intervals
	 */
	static ServerIntervals all(Duration interval) {
		return new ServerIntervals(interval, interval, interval, interval, interval);
	}

	private static Duration or(@Nullable Duration interval) {
		return (interval != null) ? interval : DEFAULT;
	}

}
