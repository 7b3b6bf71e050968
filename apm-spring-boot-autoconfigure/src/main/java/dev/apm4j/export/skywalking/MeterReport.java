package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.apm4j.metrics.MeterReader;
import dev.apm4j.metrics.MeterReading;
import dev.apm4j.skywalking.proto.Label;
import dev.apm4j.skywalking.proto.MeterBucketValue;
import dev.apm4j.skywalking.proto.MeterData;
import dev.apm4j.skywalking.proto.MeterHistogram;
import dev.apm4j.skywalking.proto.MeterSingleValue;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Reports meters of the application: those of connection and thread pools, and those that
 * were chosen. Names are in snake case and times in milliseconds; a timer or a
 * distribution {@code x} becomes {@code x_count}, {@code x_sum}, {@code x_max} and, if it
 * has buckets, {@code x_histogram}. Not thread-safe.
 */
public final class MeterReport implements SkyWalkingBackend.Feature {

	/** As many as SkyWalking's own agent sends. */
	static final int MAX_METERS = 500;

	private static final int MAX_LABEL = 200;

	private static final Log logger = LogFactory.getLog(MeterReport.class);

	private static final Pattern UNUSABLE = Pattern.compile("[^A-Za-z0-9_]");

	private final MeterReader reader;

	private final Predicate<String> chosen;

	private final Duration interval;

	private boolean tooManySaid;

	/**
	 * Creates the report.
	 * @param reader reads the meters
	 * @param include names of meters to report beside those of pools, with {@code *} for
	 * any characters
	 * @param interval time between two reports
	 */
	public MeterReport(MeterReader reader, List<String> include, Duration interval) {
		this.reader = reader;
		this.chosen = anyOf(include);
		this.interval = interval;
	}

	private static Predicate<String> anyOf(List<String> patterns) {
		Predicate<String> any = (name) -> false;
		for (String pattern : patterns) {
			any = any.or(matching(pattern.strip()));
		}
		return any;
	}

	private static Predicate<String> matching(String pattern) {
		String regex = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
		return Pattern.compile(regex).asMatchPredicate();
	}

	@Override
	public void start(SkyWalkingBackend backend) {
		backend.schedule().periodic("meters", this.interval, () -> report(backend));
	}

	void report(SkyWalkingBackend backend) throws Exception {
		List<MeterData> meters = meters();
		if (!meters.isEmpty()) {
			MeterData first = meters.get(0)
				.toBuilder()
				.setService(backend.identity().service())
				.setServiceInstance(backend.identity().instance())
				.setTimestamp(System.currentTimeMillis())
				.build();
			meters.set(0, first);
			backend.transport().meters(meters);
		}
	}

	private List<MeterData> meters() {
		List<MeterData> pools = new ArrayList<>();
		List<MeterData> others = new ArrayList<>();
		for (MeterReading reading : this.reader.read(this.chosen.or(PoolMeters::isOne))) {
			PoolMeters.translate(reading).ifPresent((pool) -> pools.add(meter(pool)));
			if (this.chosen.test(reading.name())) {
				others.add(meter(reading));
			}
		}
		// In this order, so that the limit does not cost those that every server shows.
		pools.addAll(others);
		if (pools.size() <= MAX_METERS) {
			return pools;
		}
		if (!this.tooManySaid) {
			this.tooManySaid = true;
			logger.warn("SkyWalking: " + pools.size() + " meters are chosen but only " + MAX_METERS
					+ " are reported; choose fewer with apm.skywalking.meters.include");
		}
		return new ArrayList<>(pools.subList(0, MAX_METERS));
	}

	private static MeterData meter(MeterReading reading) {
		String name = snakeCase(reading.name()) + suffix(reading.statistic());
		if (reading.statistic() == MeterReading.Statistic.HISTOGRAM) {
			MeterHistogram.Builder histogram = MeterHistogram.newBuilder()
				.setName(name)
				.addAllLabels(labels(reading.labels()));
			reading.buckets()
				.forEach((bucket) -> histogram
					.addValues(MeterBucketValue.newBuilder().setBucket(bucket.from()).setCount(bucket.count())));
			return MeterData.newBuilder().setHistogram(histogram).build();
		}
		return MeterData.newBuilder()
			.setSingleValue(MeterSingleValue.newBuilder()
				.setName(name)
				.addAllLabels(labels(reading.labels()))
				.setValue(reading.value()))
			.build();
	}

	private static String suffix(MeterReading.Statistic statistic) {
		return switch (statistic) {
			case VALUE -> "";
			case COUNT -> "_count";
			case SUM -> "_sum";
			case MAX -> "_max";
			case HISTOGRAM -> "_histogram";
		};
	}

	private static List<Label> labels(Map<String, String> labels) {
		List<Label> all = new ArrayList<>(labels.size());
		new TreeMap<>(labels).forEach((key, value) -> all
			.add(Label.newBuilder().setName(snakeCase(key)).setValue(WireText.text(value, MAX_LABEL)).build()));
		return all;
	}

	/** The server's rules are expressions, in which a name is an identifier. */
	private static String snakeCase(String name) {
		return UNUSABLE.matcher(name).replaceAll("_");
	}

}
