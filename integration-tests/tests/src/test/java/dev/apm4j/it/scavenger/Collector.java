package dev.apm4j.it.scavenger;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apm4j.it.app.JavaServer;

/**
 * A collector in a process of its own, on a port that was free. What came before it was
 * stopped is still known after another start.
 */
public final class Collector implements AutoCloseable {

	/** The only key that it knows. */
	public static final String KEY = "11111111-2222-3333-4444-555555555555";

	private static final String MODULE = "scavenger-collector";

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ObjectMapper json = new ObjectMapper();

	private final JavaServer server;

	private final Path journal;

	private final int port = JavaServer.freePorts(1)[0];

	/**
	 * Chooses a port for a collector.
	 * @param name name of its log
	 * @param journal file for what comes
	 */
	public Collector(String name, Path journal) {
		this.server = new JavaServer("scavenger-" + name, "-Xmx96m");
		this.journal = journal;
	}

	/**
	 * Starts the collector and waits until it answers.
	 * @return this collector
	 */
	public Collector start() {
		String classPath = JavaServer.home(MODULE).resolve("target/classes") + File.pathSeparator
				+ JavaServer.libraries(MODULE);
		this.server.start(Map.of(), this::answers, classPath, "dev.apm4j.it.scavenger.ScavengerCollector",
				"--port=" + this.port, "--keys=" + KEY, "--journal=" + this.journal);
		return this;
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
		this.server.stop();
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

	@Override
	public void close() {
		stop();
	}

}
