package dev.apm4j.it.database;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * A server with its folder and its port. Database servers refuse to run as root, so root
 * runs them as the user that their package has made, or else as nobody.
 */
final class ServerProcess implements DatabaseServer {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final String scheme;

	private final Path folder;

	private final Path log;

	private final int port;

	private final List<String> asUser;

	private final int[] owner;

	private final Thread atExit = new Thread(this::end);

	private volatile Process process;

	private ServerProcess(String scheme, Path folder, Path log, int port, List<String> asUser, int[] owner) {
		this.scheme = scheme;
		this.folder = folder;
		this.log = log;
		this.port = port;
		this.asUser = asUser;
		this.owner = owner;
	}

	/**
	 * Makes the folder of a server, chooses its port and starts it. A start that fails
	 * leaves nothing behind.
	 * @param name name of the log
	 * @param user the user that the server's package makes
	 * @param scheme how URLs of its databases begin
	 * @param start how it is started
	 * @return the running server
	 */
	static DatabaseServer started(String name, String user, String scheme, Start start) {
		ServerProcess process = prepare(name, user, scheme);
		try {
			start.start(process);
			return process;
		}
		catch (IOException ex) {
			process.close();
			throw new UncheckedIOException(ex);
		}
		catch (RuntimeException ex) {
			process.close();
			throw ex;
		}
	}

	/** What has to be done in a folder until a server answers. */
	interface Start {

		void start(ServerProcess process) throws IOException;

	}

	private static ServerProcess prepare(String name, String user, String scheme) {
		try {
			int[] owner = {};
			List<String> asUser = List.of();
			if ("root".equals(System.getProperty("user.name"))) {
				Path setpriv = Programs.find(name, "setpriv", "/usr/bin");
				owner = account(name, user, "nobody");
				asUser = List.of(setpriv.toString(), "--reuid=" + owner[0], "--regid=" + owner[1], "--clear-groups");
			}
			Path logs = Files.createDirectories(Path.of(System.getProperty("it.logs")));
			Path log = logs.resolve(name + ".txt");
			Files.deleteIfExists(log);
			Path folder = Files.createTempDirectory("apm4j-" + name + "-");
			ServerProcess process = new ServerProcess(scheme, folder, log, freePort(), asUser, owner);
			process.ownedByServer(folder);
			return process;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int[] account(String product, String... users) throws IOException {
		List<String> accounts = Files.readAllLines(Path.of("/etc/passwd"));
		for (String user : users) {
			for (String account : accounts) {
				String[] fields = account.split(":");
				if (fields[0].equals(user)) {
					return new int[] { Integer.parseInt(fields[2]), Integer.parseInt(fields[3]) };
				}
			}
		}
		throw Programs.missing(product, "there is no user for it but root");
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	Path folder() {
		return this.folder;
	}

	@Override
	public int port() {
		return this.port;
	}

	@Override
	public String url(String database) {
		return this.scheme + "://127.0.0.1:" + this.port + "/" + database;
	}

	/** Gives a file to the user that the server runs as. */
	void ownedByServer(Path file) throws IOException {
		if (this.owner.length > 0) {
			Files.setAttribute(file, "unix:gid", this.owner[1]);
			Files.setAttribute(file, "unix:uid", this.owner[0]);
		}
	}

	/** Runs a program to its end, as the server's user. */
	void run(String... command) {
		run(Map.of(), command);
	}

	void run(Map<String, String> environment, String... command) {
		try {
			Process run = launch(environment, command);
			if (!run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				run.destroyForcibly();
				throw new IllegalStateException(command[0] + " doesn't end. " + describe());
			}
			if (run.exitValue() != 0) {
				throw new IllegalStateException(command[0] + " failed. " + describe());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Starts the server. */
	void start(String... command) {
		this.process = launch(Map.of(), command);
		// A build that is cancelled leaves no server behind.
		Runtime.getRuntime().addShutdownHook(this.atExit);
	}

	private Process launch(Map<String, String> environment, String... command) {
		List<String> whole = new ArrayList<>(this.asUser);
		whole.addAll(Arrays.asList(command));
		ProcessBuilder builder = new ProcessBuilder(whole).directory(new File("/"))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()));
		builder.environment().putAll(environment);
		try {
			return builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void awaitLog(String line) {
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> !this.process.isAlive() || log().contains(line));
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The server has not started. " + describe());
		}
	}

	private String log() throws IOException {
		return new String(Files.readAllBytes(this.log), StandardCharsets.UTF_8);
	}

	private String describe() {
		try {
			List<String> lines = log().lines().toList();
			return "Its log " + this.log + " ends with:\n"
					+ String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
		}
		catch (IOException ex) {
			return "Its log: " + ex;
		}
	}

	@Override
	public void close() {
		end();
		try {
			Runtime.getRuntime().removeShutdownHook(this.atExit);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending, and the hook with it.
		}
	}

	private void end() {
		Process running = this.process;
		if (running != null) {
			running.destroy();
			try {
				if (!running.waitFor(10, TimeUnit.SECONDS)) {
					running.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		delete();
	}

	private void delete() {
		try (Stream<Path> files = Files.walk(this.folder)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
		catch (IOException | UncheckedIOException ex) {
			// What a dying server deletes meanwhile is deleted too.
		}
	}

}
