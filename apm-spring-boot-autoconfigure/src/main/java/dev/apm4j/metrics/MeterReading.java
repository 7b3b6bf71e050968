package dev.apm4j.metrics;

import java.util.List;
import java.util.Map;

/**
 * A meter of the application at one moment. Immutable.
 *
 * @param name its name with dots, such as {@code http.server.requests}
 * @param labels its tags
 * @param statistic which of its numbers
 * @param value the number; times are in milliseconds
 * @param buckets how the recorded values are distributed, in ascending order, for
 * {@link Statistic#HISTOGRAM} only
 */
public record MeterReading(String name, Map<String, String> labels, Statistic statistic, double value,
		List<Bucket> buckets) {

	public MeterReading {
		labels = Map.copyOf(labels);
		buckets = List.copyOf(buckets);
	}

	/**
	 * A reading of one number.
	 * @param name name of the meter
	 * @param labels its tags
	 * @param statistic which of its numbers
	 * @param value the number
	 */
	public MeterReading(String name, Map<String, String> labels, Statistic statistic, double value) {
		this(name, labels, statistic, value, List.of());
	}

	/**
	 * Which of the numbers of a meter.
	 */
	public enum Statistic {

		/** The only one, of a gauge or a counter. */
		VALUE,

		/** How often something was recorded. */
		COUNT,

		/** All that was recorded, added up. */
		SUM,

		/** The largest that was recorded of late. */
		MAX,

		/** How what was recorded is distributed. */
		HISTOGRAM

	}

	/**
	 * Some of the recorded values.
	 *
	 * @param from the smallest value that belongs here
	 * @param count how many there were
	 */
	public record Bucket(double from, long count) {
	}

}
