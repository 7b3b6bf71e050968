package dev.apm4j.it.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Calls an application.
 */
public final class Caller {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(TIMEOUT)
		.build();

	private final ObjectMapper json = new ObjectMapper();

	private final Application application;

	public Caller(Application application) {
		this.application = application;
	}

	/**
	 * Gets a path.
	 * @param path the path with its query
	 * @param headers names and values in turn
	 * @return the response
	 */
	public HttpResponse<String> get(String path, String... headers) {
		HttpRequest.Builder request = request(path);
		if (headers.length > 0) {
			request.headers(headers);
		}
		return send(request.build());
	}

	/**
	 * Gets JSON.
	 * @param path the path with its query
	 * @return the document
	 */
	public JsonNode json(String path) {
		HttpResponse<String> response = get(path);
		if (response.statusCode() != 200) {
			throw new AssertionError(path + " answers " + response.statusCode() + ": " + response.body());
		}
		return read(response.body());
	}

	/**
	 * Posts JSON.
	 * @param path the path
	 * @param body the document
	 * @return the response
	 */
	public HttpResponse<String> post(String path, String body) {
		return send(request(path).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build());
	}

	/**
	 * Reads JSON.
	 * @param text the text
	 * @return the document
	 */
	public JsonNode read(String text) {
		try {
			return this.json.readTree(text);
		}
		catch (IOException ex) {
			throw new AssertionError("No JSON: " + text, ex);
		}
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.application.port() + path))
			.timeout(TIMEOUT);
	}

	private HttpResponse<String> send(HttpRequest request) {
		try {
			return this.http.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(request + ": " + ex, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
