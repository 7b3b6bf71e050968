package dev.apm4j.benchmarks.application;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * The service that the application calls, and a collector that takes whatever a tracer
 * sends and counts the spans in it. Both in this process, so that they are in no figure.
 */
final class LocalServices implements AutoCloseable {

	private static final byte[] STOCK = "7 in stock".getBytes(StandardCharsets.UTF_8);

	private static final byte[] NOTHING = {};

	private final HttpServer server;

	private final ExecutorService threads = Executors.newFixedThreadPool(16, (task) -> {
		Thread thread = new Thread(task, "local-services");
		thread.setDaemon(true);
		return thread;
	});

	private final LongAdder spans = new LongAdder();

	LocalServices() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
		this.server.setExecutor(this.threads);
		this.server.createContext("/", (exchange) -> answer(exchange, 200, "application/json", NOTHING));
		this.server.createContext("/stock/", (exchange) -> answer(exchange, 200, "text/plain", STOCK));
		this.server.createContext("/v1/traces", (exchange) -> {
			this.spans.add(SpanCount.ofOtlp(body(exchange)));
			answer(exchange, 200, "application/x-protobuf", NOTHING);
		});
		this.server.createContext("/api/v2/spans", (exchange) -> {
			this.spans.add(SpanCount.ofText(body(exchange), "\"traceId\""));
			answer(exchange, 202, "text/plain", NOTHING);
		});
		this.server.createContext("/intake/v2/events", (exchange) -> {
			byte[] body = body(exchange);
			this.spans.add(SpanCount.ofText(body, "{\"transaction\":") + SpanCount.ofText(body, "{\"span\":"));
			answer(exchange, 202, "text/plain", NOTHING);
		});
		this.server.start();
	}

	String address() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	/**
	 * Returns the spans that the collector got since the last call.
	 * @return their number
	 */
	long spans() {
		return this.spans.sumThenReset();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	private static byte[] body(HttpExchange exchange) throws IOException {
		String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
		InputStream body = exchange.getRequestBody();
		return ("gzip".equals(encoding) ? new GZIPInputStream(body) : body).readAllBytes();
	}

	private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
		exchange.getRequestBody().readAllBytes();
		exchange.getResponseHeaders().set("Content-Type", type);
		exchange.sendResponseHeaders(status, (body.length > 0) ? body.length : -1);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

}
