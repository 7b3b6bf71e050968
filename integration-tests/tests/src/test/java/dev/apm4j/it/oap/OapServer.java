package dev.apm4j.it.oap;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.it.app.GuardedProcess;
import dev.apm4j.it.app.Jdk;
import org.awaitility.Awaitility;

/**
 * A SkyWalking server in a process of its own, on ports of this machine that were free.
 * It keeps everything in memory: a new process is an empty server.
 */
public final class OapServer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	/**
	 * Loggers that speak of the server's configuration, of the dynamic one that a test
	 * empties, and of questions whose answer nobody waited for.
	 */
	private static final List<String> OWN_TROUBLE = List.of("SchemaClassScanner:", "AnalyzerModuleConfig:",
			"AgentConfigurationsReader:", "LoggingService:");

	private final String name;

	private final Map<String, String> settings = new HashMap<>();

	private final DynamicConfiguration configuration = new DynamicConfiguration();

	private final int grpcPort;

	private final int restPort;

	private GuardedProcess process;

	/**
	 * Chooses ports for a server.
	 * @param name name of its log
	 */
	public OapServer(String name) {
		this.name = name;
		int[] ports = freePorts();
		this.grpcPort = ports[0];
		this.restPort = ports[1];
		set("OAP_GRPC_PORT", this.grpcPort);
		set("OAP_REST_PORT", this.restPort);
		set("OAP_CONFIGURATION", "grpc");
		set("OAP_CONFIGURATION_PORT", this.configuration.port());
	}

	/**
	 * Has the server refuse calls that don't bring a token.
	 * @param token the token
	 * @return this server
	 */
	public OapServer withToken(String token) {
		set("OAP_AUTHENTICATION", token);
		return this;
	}

	/**
	 * Has the server read what agents write to Kafka, too.
	 * @param brokers the brokers
	 * @return this server
	 */
	public OapServer withKafka(String brokers) {
		set("OAP_KAFKA_FETCHER", "default");
		set("OAP_KAFKA", brokers);
		return this;
	}

	private void set(String setting, Object value) {
		this.settings.put(setting, value.toString());
	}

	/**
	 * Starts the server and waits until it answers.
	 * @return this server
	 */
	public OapServer start() {
		launch();
		OapQueries queries = queries();
		try {
			Awaitility.await()
				.atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(100))
				.until(() -> !this.process.isAlive() || queries.answers());
		}
		catch (RuntimeException ex) {
			stop();
			throw ex;
		}
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The server has not started. " + describe());
		}
		return this;
	}

	private void launch() {
		Path home = Path.of(System.getProperty("it.applications"), "skywalking-server");
		try {
			String libraries = Files.readString(home.resolve("target/classpath")).strip();
			// Its rules are found only in a folder, not in a jar.
			String classPath = home.resolve("conf") + File.pathSeparator + libraries;
			Path log = log();
			Files.createDirectories(log.getParent());
			ProcessBuilder builder = new ProcessBuilder(List.of(Jdk.running().java().toString(), "-Xmx256m",
					"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dmode=", "-Duser.timezone=UTC", "-cp", classPath,
					"org.apache.skywalking.oap.server.starter.OAPServerStartUp"))
				.directory(log.getParent().toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
			builder.environment().putAll(this.settings);
			builder.environment().remove("JAVA_TOOL_OPTIONS");
			this.process = GuardedProcess.start(builder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Ends the process without a chance to say good-bye. The ports remain this server's.
	 */
	public void stop() {
		if (this.process != null) {
			this.process.stop();
			this.process = null;
		}
	}

	/**
	 * Where agents report to.
	 * @return host and port
	 */
	public String address() {
		return "127.0.0.1:" + this.grpcPort;
	}

	/**
	 * Where agents report to that know JSON only.
	 * @return host and port
	 */
	public String httpAddress() {
		return "127.0.0.1:" + this.restPort;
	}

	/**
	 * What the server tells.
	 * @return queries, also for the time after another start
	 */
	public OapQueries queries() {
		return new OapQueries(httpAddress());
	}

	/**
	 * What it tells the agents to do.
	 * @return settings that can be changed
	 */
	public DynamicConfiguration configuration() {
		return this.configuration;
	}

	/**
	 * What the server did not like of the data that it got.
	 * @return lines of its log; not those about its own configuration
	 */
	public List<String> complaints() {
		return lines().stream()
			.filter((line) -> line.contains(" ERROR ") || line.contains(" WARN "))
			.filter((line) -> OWN_TROUBLE.stream().noneMatch(line::contains))
			.toList();
	}

	/**
	 * Where the log is and how it ends.
	 * @return text for a failure message
	 */
	public String describe() {
		List<String> lines = lines();
		return "The log of the server, " + log() + ", ends with:\n"
				+ String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
	}

	private List<String> lines() {
		try {
			// A line may end in the middle of a character.
			return new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path log() {
		return Path.of(System.getProperty("it.logs"), "skywalking-" + this.name + ".txt");
	}

	@Override
	public void close() {
		stop();
		this.configuration.close();
	}

	/** Both at once, or the second might be the first. */
	private static int[] freePorts() {
		InetAddress host = InetAddress.getLoopbackAddress();
		try (ServerSocket first = new ServerSocket(0, 1, host); ServerSocket second = new ServerSocket(0, 1, host)) {
			return new int[] { first.getLocalPort(), second.getLocalPort() };
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
