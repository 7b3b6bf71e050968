package dev.apm4j.instrument.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A real HTTP server that records what arrives. {@code /status/NNN} answers with that
 * status, {@code /redirect} leads to {@code /ok}, {@code /slow} answers when the server
 * is closed, {@code /drip} sends one half of its body and the other when the server is
 * closed, {@code /echo} returns the body, everything else answers {@code hello}.
 */
public final class HttpTestServer implements AutoCloseable {

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final CountDownLatch closing = new CountDownLatch(1);

	private final Queue<Received> received = new ConcurrentLinkedQueue<>();

	public HttpTestServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::handle);
		this.server.setExecutor(this.threads);
		this.server.start();
	}

	private void handle(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getPath();
		byte[] body = exchange.getRequestBody().readAllBytes();
		this.received.add(new Received(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
				exchange.getRequestHeaders().getOrDefault("traceparent", List.of()), body.length));
		byte[] answer = path.equals("/echo") ? body : "hello".getBytes(StandardCharsets.UTF_8);
		int status = path.startsWith("/status/") ? Integer.parseInt(path.substring(8)) : 200;
		try (exchange) {
			if (path.equals("/slow")) {
				await();
			}
			if (path.equals("/redirect")) {
				exchange.getResponseHeaders().add("Location", "/ok");
				exchange.sendResponseHeaders(302, -1);
				return;
			}
			exchange.sendResponseHeaders(status, path.equals("/drip") ? 0 : answer.length);
			OutputStream out = exchange.getResponseBody();
			out.write(answer);
			out.flush();
			if (path.equals("/drip")) {
				await();
				out.write(answer);
			}
		}
	}

	private void await() {
		try {
			this.closing.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	public String url(String path) {
		return "http://localhost:" + port() + path;
	}

	public int port() {
		return this.server.getAddress().getPort();
	}

	public List<Received> received() {
		return new ArrayList<>(this.received);
	}

	/** Lets the answers go that wait. */
	public void release() {
		this.closing.countDown();
	}

	@Override
	public void close() {
		release();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * A request as it arrived.
	 *
	 * @param method its method
	 * @param uri path and query
	 * @param traceparents the values of that header
	 * @param bodyLength bytes of its body
	 */
	public record Received(String method, String uri, List<String> traceparents, int bodyLength) {

		public String spanId() {
			return this.traceparents.get(0).substring(36, 52);
		}

		public String traceId() {
			return this.traceparents.get(0).substring(3, 35);
		}

	}

}
