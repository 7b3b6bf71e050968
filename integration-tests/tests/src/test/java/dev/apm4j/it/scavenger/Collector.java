package dev.apm4j.it.scavenger;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apm4j.it.app.Jdk;
import org.awaitility.Awaitility;

/**
 * A collector in a process of its own, on a port that was free. What came before it was
 * stopped is still known after another start.
 */
public final class Collector implements AutoCloseable {

	/** The only key that it knows. */
	public static final String KEY = "11111111-2222-3333-4444-555555555555";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ObjectMapper json = new ObjectMapper();

	private final String name;

	private final Path journal;

	private final int port = freePort();

	private Process process;

	private Thread guard;

	/**
	 * Chooses a port for a collector.
	 * @param name name of its log
	 * @param journal file for what comes
	 */
	public Collector(String name, Path journal) {
		this.name = name;
		this.journal = journal;
	}

	/**
	 * Starts the collector and waits until it answers.
	 * @return this collector
	 */
	public Collector start() {
		launch();
		Awaitility.await("collector")
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(100))
			.until(() -> !this.process.isAlive() || answers());
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The collector has not started, see " + log());
		}
		return this;
	}

	private void launch() {
		Path target = Path.of(System.getProperty("it.applications"), "scavenger-collector", "target");
		try {
			String libraries = Files.readString(target.resolve("classpath")).strip();
			Files.createDirectories(log().getParent());
			Process started = new ProcessBuilder(Jdk.running().java().toString(), "-Xmx96m", "-XX:+UseSerialGC",
					"-XX:TieredStopAtLevel=1", "-cp", target.resolve("classes") + File.pathSeparator + libraries,
					"dev.apm4j.it.scavenger.ScavengerCollector", "--port=" + this.port, "--keys=" + KEY,
					"--journal=" + this.journal)
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
				.start();
			this.process = started;
			// A build that is cancelled takes its collector with it.
			this.guard = new Thread(started::destroyForcibly);
			Runtime.getRuntime().addShutdownHook(this.guard);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean answers() {
		try {
			received();
			return true;
		}
		catch (UncheckedIOException ex) {
			if (ex.getCause() instanceof ConnectException) {
				return false;
			}
			throw ex;
		}
	}

	/**
	 * Ends the process without a chance to say good-bye. The port remains this
	 * collector's.
	 */
	public void stop() {
		if (this.process == null) {
			return;
		}
		this.process.destroyForcibly();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The collector has not ended");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		Runtime.getRuntime().removeShutdownHook(this.guard);
		this.process = null;
	}

	/**
	 * Where agents publish to.
	 * @return the URL
	 */
	public String url() {
		return "http://127.0.0.1:" + this.port;
	}

	/**
	 * What came.
	 * @return the calls in their order
	 */
	public List<Publication> received() {
		List<Publication> calls = new ArrayList<>();
		try {
			HttpResponse<String> response = this.http.send(
					HttpRequest.newBuilder(URI.create(url() + "/received")).timeout(Duration.ofSeconds(20)).build(),
					HttpResponse.BodyHandlers.ofString());
			for (JsonNode call : this.json.readTree(response.body())) {
				calls.add(new Publication(call));
			}
			return calls;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private Path log() {
		return Path.of(System.getProperty("it.logs"), "scavenger-" + this.name + ".txt");
	}

	@Override
	public void close() {
		stop();
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
