package dev.apm4j.it.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.awaitility.Awaitility;

/**
 * A server that runs on the JVM of the tests, in a process of its own, with one log for
 * all its starts. It may be ended and started as often as a test wants.
 */
public final class JavaServer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(4);

	private final String name;

	private final List<String> jvmOptions;

	private GuardedProcess process;

	/**
	 * Describes a server.
	 * @param name what it is, also the name of its log
	 * @param jvmOptions options of its JVM, such as the size of the heap
	 */
	public JavaServer(String name, String... jvmOptions) {
		this.name = name;
		this.jvmOptions = List.of(jvmOptions);
	}

	/**
	 * Starts the server and waits until it answers.
	 * @param environment further environment variables
	 * @param answers whether it does; not asked any more if the process has ended
	 * @param classPath where its classes are
	 * @param command main class and arguments
	 */
	public void start(Map<String, String> environment, Callable<Boolean> answers, String classPath, String... command) {
		this.process = launch(environment, classPath, command);
		try {
			Awaitility.await(this.name)
				.atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(100))
				.until(() -> !this.process.isAlive() || answers.call());
		}
		catch (RuntimeException ex) {
			stop();
			throw new IllegalStateException("The server does not answer. " + describe(), ex);
		}
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The server has not started. " + describe());
		}
	}

	/**
	 * Runs a program of the server to its end.
	 * @param classPath where its classes are
	 * @param command main class and arguments
	 */
	public void run(String classPath, String... command) {
		GuardedProcess program = launch(Map.of(), classPath, command);
		if (program.awaitExit(PATIENCE) != 0) {
			throw new IllegalStateException(command[0] + " has failed. " + describe());
		}
	}

	private GuardedProcess launch(Map<String, String> environment, String classPath, String... command) {
		try {
			Path log = logFile();
			Files.createDirectories(log.getParent());
			List<String> whole = new ArrayList<>(
					List.of(Jdk.running().java().toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
			whole.addAll(this.jvmOptions);
			whole.addAll(List.of("-cp", classPath));
			whole.addAll(List.of(command));
			ProcessBuilder builder = new ProcessBuilder(whole).directory(log.getParent().toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
			builder.environment().putAll(environment);
			builder.environment().remove("JAVA_TOOL_OPTIONS");
			return GuardedProcess.start(builder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Ends the process without a chance to say good-bye. Does nothing if there is none.
	 */
	public void stop() {
		if (this.process != null) {
			this.process.stop();
			this.process = null;
		}
	}

	@Override
	public void close() {
		stop();
	}

	/**
	 * Where the log is and how it ends.
	 * @return text for a failure message
	 */
	public String describe() {
		List<String> lines = log();
		return "The log of the server, " + logFile() + ", ends with:\n"
				+ String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
	}

	/**
	 * What the server has written so far.
	 * @return the lines of all its starts
	 */
	public List<String> log() {
		try {
			// A line may end in the middle of a character.
			return new String(Files.readAllBytes(logFile()), StandardCharsets.UTF_8).lines().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path logFile() {
		return Path.of(System.getProperty("it.logs"), this.name + ".txt");
	}

	/**
	 * A folder of the build that a server was made in.
	 * @param module the module's folder
	 * @return its path
	 */
	public static Path home(String module) {
		return Path.of(System.getProperty("it.applications"), module);
	}

	/**
	 * The class path that the build has written down for a server.
	 * @param module the module's folder
	 * @return the libraries
	 */
	public static String libraries(String module) {
		try {
			return Files.readString(home(module).resolve("target/classpath")).strip();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Ports that nobody listens on. All at once, or the second might be the first.
	 * @param count how many
	 * @return the ports
	 */
	public static int[] freePorts(int count) {
		int[] ports = new int[count];
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			ports[0] = socket.getLocalPort();
			if (count > 1) {
				System.arraycopy(freePorts(count - 1), 0, ports, 1, count - 1);
			}
			return ports;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
