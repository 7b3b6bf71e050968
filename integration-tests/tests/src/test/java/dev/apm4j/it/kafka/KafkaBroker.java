package dev.apm4j.it.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.apm4j.it.app.Jdk;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.awaitility.Awaitility;

/**
 * A Kafka broker in a process of its own, on ports of this machine that were free, with
 * its data in a temporary folder: the whole cluster, controller included. As with Kafka's
 * defaults topics appear when somebody writes to them.
 */
public final class KafkaBroker implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(120);

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

	private final String name;

	private final KafkaAccess access;

	private final int port;

	private final Path folder;

	private Process process;

	private Thread guard;

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
		this.name = name;
		this.access = access;
		try {
			this.folder = Files.createTempDirectory("apm4j-kafka-");
			InetAddress host = InetAddress.getLoopbackAddress();
			// Both at once, or the second might be the first.
			try (ServerSocket first = new ServerSocket(0, 1, host);
					ServerSocket second = new ServerSocket(0, 1, host)) {
				this.port = first.getLocalPort();
				Files.writeString(settings(),
						SETTINGS.formatted(first.getLocalPort(), second.getLocalPort(),
								this.folder.resolve("data").toString().replace('\\', '/'), access.protocol())
								+ access.brokerSettings());
			}
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
		if (!Files.exists(this.folder.resolve("data"))) {
			format();
		}
		this.process = launch("kafka.Kafka", settings().toString());
		// A build that is cancelled takes its broker with it.
		this.guard = new Thread(this::end);
		Runtime.getRuntime().addShutdownHook(this.guard);
		try {
			Awaitility.await()
				.atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(100))
				.until(() -> !this.process.isAlive() || answers());
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("The broker does not answer. " + describe(), ex);
		}
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The broker has not started. " + describe());
		}
		return this;
	}

	private void format() {
		Process format = launch("kafka.tools.StorageTool", "format", "-t", clusterId(), "-c", settings().toString());
		try {
			if (!format.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				format.destroyForcibly();
				throw new IllegalStateException("The folder of the broker is not made. " + describe());
			}
			if (format.exitValue() != 0) {
				throw new IllegalStateException("The folder of the broker cannot be made. " + describe());
			}
		}
		catch (InterruptedException ex) {
			format.destroyForcibly();
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
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

	private Process launch(String... command) {
		try {
			Path home = Path.of(System.getProperty("it.applications"), "kafka-server");
			Path log = log();
			Files.createDirectories(log.getParent());
			List<String> whole = new ArrayList<>(List.of(Jdk.running().java().toString(), "-Xmx192m",
					"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
					"-cp", Files.readString(home.resolve("target/classpath")).strip()));
			whole.addAll(List.of(command));
			ProcessBuilder builder = new ProcessBuilder(whole).directory(this.folder.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
			builder.environment().remove("JAVA_TOOL_OPTIONS");
			return builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
		if (this.process == null) {
			return;
		}
		end();
		Runtime.getRuntime().removeShutdownHook(this.guard);
		this.process = null;
	}

	private void end() {
		this.process.destroyForcibly();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The broker has not ended");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
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
		try {
			List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList();
			return "The log of the broker, " + log() + ", ends with:\n"
					+ String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path settings() {
		return this.folder.resolve("server.properties");
	}

	private Path log() {
		return Path.of(System.getProperty("it.logs"), "kafka-" + this.name + ".txt");
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
