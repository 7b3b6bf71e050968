package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How Kafka is reached.
 *
 * @param bootstrapServers the first brokers to ask, at least one
 * @param namespace what the names of topics begin with, {@code null} for nothing
 * @param topics names of topics that are not the usual ones, by signal; see
 * {@link KafkaTopics}
 * @param properties further properties of the producer, which win over all others
 * @param deadline how long it may take until a broker has taken a batch, more than 0
 * @param maxMessageSize bytes of one message
 */
public record KafkaSettings(List<String> bootstrapServers, @Nullable String namespace, Map<String, String> topics,
		Map<String, String> properties, Duration deadline, int maxMessageSize) {

	public KafkaSettings {
		bootstrapServers = List.copyOf(bootstrapServers);
		topics = Map.copyOf(topics);
		properties = Map.copyOf(properties);
	}

	/**
	 * All but the properties, among which there may be passwords.
	 */
	@Override
	public String toString() {
		return "KafkaSettings[bootstrapServers=" + this.bootstrapServers + ", namespace=" + this.namespace + ", topics="
				+ this.topics + ", deadline=" + this.deadline + "]";
	}

}
