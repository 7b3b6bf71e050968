package dev.apm4j.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.apm4j.metrics.MeterReading.Bucket;
import dev.apm4j.metrics.MeterReading.Statistic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.HistogramSupport;

/**
 * Reads meters that Micrometer has. A value is what the application's registry tells, so
 * a counter grows for ever in a registry that accumulates and starts anew in one that
 * counts by step. Thread-safe.
 */
public final class MeterReader {

	private final MeterRegistry registry;

	/**
	 * Creates a reader.
	 * @param registry the registry of the application
	 */
	public MeterReader(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Reads meters.
	 * @param chosen tells by its name whether to read a meter
	 * @return what there is to tell of those meters, without numbers that are not finite
	 * and without meters that throw
	 */
	public List<MeterReading> read(Predicate<String> chosen) {
		List<MeterReading> readings = new ArrayList<>();
		for (Meter meter : this.registry.getMeters()) {
			if (chosen.test(meter.getId().getName())) {
				readings.addAll(read(meter));
			}
		}
		return readings;
	}

	/**
	 * What a meter counts can be anybody's code, which must not cost the other meters.
	 */
	private static List<MeterReading> read(Meter meter) {
		List<MeterReading> readings = new ArrayList<>();
		try {
			read(meter, readings);
			return readings;
		}
		catch (RuntimeException ex) {
			return List.of();
		}
	}

	private static void read(Meter meter, List<MeterReading> readings) {
		Target target = new Target(meter.getId().getName(), labels(meter.getId()), readings);
		if (meter instanceof HistogramSupport distribution) {
			readDistribution(distribution, target);
		}
		else if (meter instanceof FunctionTimer timer) {
			target.add(Statistic.COUNT, timer.count());
			target.add(Statistic.SUM, timer.totalTime(TimeUnit.MILLISECONDS));
		}
		else if (meter instanceof Counter counter) {
			target.add(Statistic.VALUE, counter.count());
		}
		else if (meter instanceof FunctionCounter counter) {
			target.add(Statistic.VALUE, counter.count());
		}
		else if (meter instanceof TimeGauge gauge) {
			target.add(Statistic.VALUE, gauge.value(TimeUnit.MILLISECONDS));
		}
		else {
			for (Measurement measurement : meter.measure()) {
				target.add(Statistic.VALUE, measurement.getValue());
				return;
			}
		}
	}

	private static void readDistribution(HistogramSupport meter, Target target) {
		HistogramSnapshot snapshot = meter.takeSnapshot();
		boolean time = meter instanceof Timer || meter instanceof LongTaskTimer;
		target.add(Statistic.COUNT, snapshot.count());
		target.add(Statistic.SUM, time ? snapshot.total(TimeUnit.MILLISECONDS) : snapshot.total());
		target.add(Statistic.MAX, time ? snapshot.max(TimeUnit.MILLISECONDS) : snapshot.max());
		CountAtBucket[] counts = snapshot.histogramCounts();
		if (counts.length > 0) {
			target.addHistogram(buckets(counts, snapshot.count(), time));
		}
	}

	/** Micrometer counts what is below each bound, all lower buckets included. */
	private static List<Bucket> buckets(CountAtBucket[] counts, long total, boolean time) {
		List<Bucket> buckets = new ArrayList<>(counts.length + 1);
		double from = 0;
		long below = 0;
		for (CountAtBucket count : counts) {
			double bound = time ? count.bucket(TimeUnit.MILLISECONDS) : count.bucket();
			long upTo = (long) count.count();
			buckets.add(new Bucket(from, Math.max(0, upTo - below)));
			below = Math.max(below, upTo);
			from = bound;
		}
		if (Double.isFinite(from)) {
			buckets.add(new Bucket(from, Math.max(0, total - below)));
		}
		return buckets;
	}

	private static Map<String, String> labels(Meter.Id id) {
		Map<String, String> labels = new LinkedHashMap<>();
		for (Tag tag : id.getTagsAsIterable()) {
			labels.put(tag.getKey(), tag.getValue());
		}
		return labels;
	}

	private record Target(String name, Map<String, String> labels, List<MeterReading> readings) {

		void add(Statistic statistic, double value) {
			if (Double.isFinite(value)) {
				this.readings.add(new MeterReading(this.name, this.labels, statistic, value));
			}
		}

		void addHistogram(List<Bucket> buckets) {
			this.readings.add(new MeterReading(this.name, this.labels, Statistic.HISTOGRAM, 0, buckets));
		}

	}

}
