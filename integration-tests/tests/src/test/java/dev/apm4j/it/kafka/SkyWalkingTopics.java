package dev.apm4j.it.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads all topics whose names begin as those of a SkyWalking server do, from their
 * beginning. It makes no topics itself.
 */
public final class SkyWalkingTopics implements AutoCloseable {

	private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

	private final String prefix;

	private final KafkaConsumer<String, byte[]> consumer;

	/**
	 * Begins to read.
	 * @param broker the broker
	 * @param namespace what the names of the topics begin with, empty for nothing
	 */
	public SkyWalkingTopics(KafkaBroker broker, String namespace) {
		this.prefix = namespace + "skywalking-";
		Map<String, Object> settings = broker.clientSettings();
		settings.putAll(Map.of(ConsumerConfig.GROUP_ID_CONFIG, "tests" + namespace,
				ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
				ConsumerConfig.METADATA_MAX_AGE_CONFIG, 500, ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false));
		this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
		this.consumer.subscribe(Pattern.compile(Pattern.quote(this.prefix) + ".*"));
	}

	private void read() {
		this.consumer.poll(Duration.ofMillis(200)).forEach(this.records::add);
	}

	/**
	 * The topics in which there is something.
	 * @return their names so far
	 */
	public Set<String> names() {
		read();
		return this.records.stream().map(ConsumerRecord::topic).collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * What is in a topic.
	 * @param <T> type of the messages
	 * @param topic the end of its name
	 * @param key what the keys match
	 * @param parser reads the messages
	 * @return the messages so far, by their order
	 */
	public <T extends Message> List<Entry<T>> messages(String topic, String key, Parser<T> parser) {
		read();
		return this.records.stream()
			.filter((entry) -> entry.topic().equals(this.prefix + topic) && entry.key().matches(key))
			.map((entry) -> new Entry<>(entry.key(), parse(entry, parser)))
			.toList();
	}

	private static <T extends Message> T parse(ConsumerRecord<String, byte[]> entry, Parser<T> parser) {
		try {
			T message = parser.parseFrom(entry.value());
			if (!message.getUnknownFields().asMap().isEmpty()) {
				throw new AssertionError(entry.topic() + " has something else: " + message);
			}
			return message;
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError(entry.topic() + " has something else: " + ex, ex);
		}
	}

	@Override
	public void close() {
		this.consumer.close();
	}

	/**
	 * A message with its key.
	 *
	 * @param <T> type of the message
	 * @param key the key
	 * @param message the message
	 */
	public record Entry<T>(String key, T message) {
	}

}
