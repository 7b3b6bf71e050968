package dev.apm4j.export.skywalking;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The topics that a SkyWalking server reads, with the names that its Kafka fetcher has by
 * default. Immutable.
 *
 * @param segments key: id of the segment, value: {@code SegmentObject}
 * @param metrics key: instance, value: {@code JVMMetricCollection}
 * @param meters key: instance, value: {@code MeterDataCollection}
 * @param profilings key: task and number of the stack, value: {@code ThreadSnapshot}
 * @param managements key: instance, value: {@code InstancePingPkg}; key:
 * {@code register-} and the instance, value: {@code InstanceProperties}
 * @param logs key: service, value: {@code LogData}
 */
public record KafkaTopics(String segments, String metrics, String meters, String profilings, String managements,
		String logs) {

	/**
	 * The names in force.
	 * @param namespace what they begin with, {@code null} for nothing
	 * @param given other names, by the name of the component here; the namespace comes
	 * before these too
	 * @return the names
	 */
	static KafkaTopics of(@Nullable String namespace, Map<String, String> given) {
		String prefix = (namespace != null) ? namespace + "-" : "";
		return new KafkaTopics(prefix + given.getOrDefault("segments", "skywalking-segments"),
				prefix + given.getOrDefault("metrics", "skywalking-metrics"),
				prefix + given.getOrDefault("meters", "skywalking-meters"),
				prefix + given.getOrDefault("profilings", "skywalking-profilings"),
				prefix + given.getOrDefault("managements", "skywalking-managements"),
				prefix + given.getOrDefault("logs", "skywalking-logs"));
	}

}
