package dev.apm4j.it.oap;

import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.it.app.JavaServer;

/**
 * A SkyWalking server in a process of its own, on ports of this machine that were free.
 * It keeps everything in memory: a new process is an empty server.
 */
public final class OapServer implements AutoCloseable {

	private static final String MODULE = "skywalking-server";

	/**
	 * Loggers that speak of the server's configuration, of the dynamic one that a test
	 * empties, and of questions whose answer nobody waited for.
	 */
	private static final List<String> OWN_TROUBLE = List.of("SchemaClassScanner:", "AnalyzerModuleConfig:",
			"AgentConfigurationsReader:", "LoggingService:");

	private final JavaServer server;

	private final Map<String, String> settings = new HashMap<>();

	private final DynamicConfiguration configuration = new DynamicConfiguration();

	private final int grpcPort;

	private final int restPort;

	/**
	 * Chooses ports for a server.
	 * @param name name of its log
	 */
	public OapServer(String name) {
		this.server = new JavaServer("skywalking-" + name, "-Xmx256m", "-Dmode=", "-Duser.timezone=UTC");
		int[] ports = JavaServer.freePorts(2);
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
		// Its rules are found only in a folder, not in a jar.
		String classPath = JavaServer.home(MODULE).resolve("conf") + File.pathSeparator + JavaServer.libraries(MODULE);
		this.server.start(this.settings, queries()::answers, classPath,
				"org.apache.skywalking.oap.server.starter.OAPServerStartUp");
		return this;
	}

	/**
	 * Ends the process without a chance to say good-bye. The ports remain this server's.
	 */
	public void stop() {
		this.server.stop();
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
		return this.server.log()
			.stream()
			.filter((line) -> line.contains(" ERROR ") || line.contains(" WARN "))
			.filter((line) -> OWN_TROUBLE.stream().noneMatch(line::contains))
			.toList();
	}

	/**
	 * Where the log is and how it ends.
	 * @return text for a failure message
	 */
	public String describe() {
		return this.server.describe();
	}

	@Override
	public void close() {
		stop();
		this.configuration.close();
	}

}
