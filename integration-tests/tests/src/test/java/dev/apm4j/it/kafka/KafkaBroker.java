package dev.apm4j.it.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import dev.apm4j.it.app.JavaServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A Kafka broker in a process of its own, on ports of this machine that were free, with
 * its data in a temporary folder: the whole cluster, controller included. As with Kafka's
 * defaults topics appear when somebody writes to them.
 */
public final class KafkaBroker implements AutoCloseable {

	private static final String MODULE = "kafka-server";

	private static final String SETTINGS = """
			process.roles=broker,controller
			node.id=1
			controller.quorum.voters=1@127.0.0.1:%2$d
			listeners=%4$s://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
			advertised.listeners=%4$s://127.0.0.1:%1$d
			controller.listener.names=CONTROLLER
			inter.broker.listener.name=%4$s
			listener.security.protocol.map=CONTROLLER:PLAINTEXT,%4$s:%4$s
			log.dirs=%3$s
			offsets.topic.replication.factor=1
			offsets.topic.num.partitions=1
			transaction.state.log.replication.factor=1
			transaction.state.log.min.isr=1
			group.initial.rebalance.delay.ms=0
			# By default larger than the heap.
			log.cleaner.dedupe.buffer.size=4194304
			# A broker that was killed is let in again soon.
			broker.session.timeout.ms=2000
			broker.heartbeat.interval.ms=500
			""";

	private final JavaServer server;

	private final KafkaAccess access;

	private final int port;

	private final Path folder;

	/**
	 * Chooses ports and a folder for a broker.
	 * @param name name of its log
	 */
	public KafkaBroker(String name) {
		this(name, KafkaAccess.ANYBODY);
	}

	/**
	 * Chooses ports and a folder for a broker.
	 * @param name name of its log
	 * @param access who is let in
	 */
	public KafkaBroker(String name, KafkaAccess access) {
		this.server = new JavaServer("kafka-" + name, "-Xmx192m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
		this.access = access;
		int[] ports = JavaServer.freePorts(2);
		this.port = ports[0];
		try {
			this.folder = Files.createTempDirectory("apm4j-kafka-");
			Files
				.writeString(settings(),
						SETTINGS.formatted(ports[0], ports[1],
								this.folder.resolve("data").toString().replace('\\', '/'), access.protocol())
								+ access.brokerSettings());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts the broker and waits until it serves clients. What was written before an
	 * earlier end is still there.
	 * @return this broker
	 */
	public KafkaBroker start() {
		String libraries = JavaServer.libraries(MODULE);
		if (!Files.exists(this.folder.resolve("data"))) {
			this.server.run(libraries, "kafka.tools.StorageTool", "format", "-t", clusterId(), "-c",
					settings().toString());
		}
		this.server.start(Map.of(), this::answers, libraries, "kafka.Kafka", settings().toString());
		return this;
	}

	/** A UUID as Kafka writes it. */
	private static String clusterId() {
		UUID id = UUID.randomUUID();
		return Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(ByteBuffer.allocate(16)
				.putLong(id.getMostSignificantBits())
				.putLong(id.getLeastSignificantBits())
				.array());
	}

	private boolean answers() throws InterruptedException {
		Map<String, Object> settings = clientSettings();
		settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 1000);
		settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 1000);
		try (Admin admin = Admin.create(settings)) {
			return !admin.describeCluster().nodes().get().isEmpty();
		}
		catch (ExecutionException ex) {
			return false;
		}
	}

	/**
	 * Ends the process without a chance to say good-bye. Its port and its data remain.
	 */
	public void stop() {
		this.server.stop();
	}

	/**
	 * Where its clients find it.
	 * @return host and port
	 */
	public String address() {
		return "127.0.0.1:" + this.port;
	}

	/**
	 * What a client needs to know.
	 * @return new settings, with the address
	 */
	Map<String, Object> clientSettings() {
		Map<String, Object> settings = new HashMap<>(this.access.clientSettings());
		settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address());
		return settings;
	}

	/**
	 * Where the log is and how it ends.
	 * @return text for a failure message
	 */
	public String describe() {
		return this.server.describe();
	}

	private Path settings() {
		return this.folder.resolve("server.properties");
	}

	@Override
	public void close() {
		stop();
		try (Stream<Path> files = Files.walk(this.folder)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
