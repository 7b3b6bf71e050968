package dev.apm4j.it.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * An application in a process of its own. Its output goes into a file under the build
 * folder, which stays there.
 */
public final class Application implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(4);

	private static final Pattern PORT = Pattern.compile("(?:Tomcat|Netty) started on port (\\d+)");

	private static final Pattern STARTED = Pattern.compile("Started \\w+Application in ");

	private final Process process;

	private final Path log;

	private int port;

	private Application(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	/**
	 * Starts a process, which may end at once.
	 * @param name name of the log
	 * @param jdk what runs it
	 * @param program what to run
	 * @param jvmOptions options of the JVM
	 * @param arguments arguments of the application
	 * @return the application, perhaps still starting
	 */
	public static Application launch(String name, Jdk jdk, Program program, List<String> jvmOptions,
			List<String> arguments) {
		try {
			Path logs = Files.createDirectories(Path.of(System.getProperty("it.logs")));
			Path log = logs.resolve(name.replaceAll("[^A-Za-z0-9.]+", "-") + ".txt");
			List<String> command = new ArrayList<>();
			command.add(jdk.java().toString());
			command.addAll(jvmOptions);
			command.addAll(program.command());
			command.addAll(arguments);
			ProcessBuilder builder = new ProcessBuilder(command).directory(logs.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile());
			builder.environment().keySet().removeIf((variable) -> variable.startsWith("JAVA_TOOL_OPTIONS"));
			Process process = builder.start();
			// A build that is cancelled takes its applications with it.
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			return new Application(process, log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Waits until the web server has its port and the context is there.
	 * @return this application
	 */
	public Application awaitStarted() {
		try {
			Awaitility.await()
				.atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(50))
				.until(() -> !this.process.isAlive() || STARTED.matcher(log()).find());
			Matcher found = PORT.matcher(log());
			if (!this.process.isAlive() || !found.find()) {
				throw new IllegalStateException("The application has not started. " + describe());
			}
			this.port = Integer.parseInt(found.group(1));
			return this;
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Waits until the process ends of its own accord or because it was told to.
	 * @param timeout how long
	 * @return its exit code
	 */
	public int awaitExit(Duration timeout) {
		try {
			if (!this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new AssertionError("The application has not ended within " + timeout + ". " + describe());
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Asks the process to end, as a container's platform does.
	 */
	public void terminate() {
		this.process.destroy();
	}

	public long pid() {
		return this.process.pid();
	}

	public int port() {
		return this.port;
	}

	/**
	 * What the application has written so far.
	 * @return standard output and error
	 */
	public String log() {
		try {
			// A line may end in the middle of a character.
			return new String(Files.readAllBytes(this.log), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Where the log is and how it ends.
	 * @return text for a failure message
	 */
	public String describe() {
		List<String> lines = log().lines().toList();
		String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
		return (this.process.isAlive() ? "It runs" : "It ended with " + this.process.exitValue()) + ", its log "
				+ this.log + " ends with:\n" + end;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
