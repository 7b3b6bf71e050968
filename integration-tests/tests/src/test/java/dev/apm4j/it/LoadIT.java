package dev.apm4j.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Jdk;
import dev.apm4j.it.app.Program;
import dev.apm4j.it.app.RecordedTrace;
import dev.apm4j.it.app.Traces;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample application at full speed in a small heap. Nothing in here measures time.
 */
class LoadIT {

	private static final int REQUESTS = 50_000;

	private static final int WARM_UP = 2_000;

	private static final int CONNECTIONS = 12;

	/** Every 20th request is an order, which makes three to seven requests of its own. */
	private static final int ORDER_EVERY = 20;

	private static final int ORDERS = 40;

	private static final int PRODUCTS = 12;

	private static final long MEGABYTE = 1024 * 1024;

	@RegisterExtension
	final Applications applications = new Applications();

	@Test
	void everyRequestIsAnsweredAndCounted() throws Exception {
		Jdk jdk = Jdk.running();
		Application application = this.applications
			.add(Application.launch("sample load", jdk, Program.jar(Path.of(System.getProperty("it.sample"))),
					List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
					List.of("--server.port=0", "--demo.traffic=false")));
		application.awaitStarted();
		Caller caller = new Caller(application);
		Traces traces = new Traces(caller);

		Sent warmUp = load(application, WARM_UP);
		long threads = metric(caller, "jvm.threads.live");
		Sent sent = load(application, REQUESTS);

		assertThat(sent.errors()).isEmpty();
		assertEndpoints(traces, warmUp, sent);
		assertSegments(caller, warmUp.total() + sent.total());
		assertThat(metric(caller, "jvm.threads.live")).isLessThanOrEqualTo(threads + CONNECTIONS);
		jdk.collectGarbage(application.pid());
		assertThat(metric(caller, "jvm.memory.used?tag=area:heap")).isLessThan(100 * MEGABYTE);

		String traceId = Traces.newTraceId();
		assertThat(caller.get("/orders/1", "traceparent", Traces.traceparent(traceId)).statusCode()).isEqualTo(200);
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> traces.find(traceId)
				.map(RecordedTrace::spans)
				.filter((spans) -> spans.size() >= 7)
				.isPresent());
		assertThat(traces.find(traceId).orElseThrow().ofKind("SERVER")).hasSize(4);
	}

	private static void assertEndpoints(Traces traces, Sent... sent) {
		long orders = 0;
		long lines = 0;
		long products = 0;
		long stock = 0;
		for (Sent each : sent) {
			orders += each.orders().get();
			lines += each.lines().get();
			products += each.products().get();
			stock += each.stock().get();
		}
		long[] expected = { orders, products + lines, stock + lines, orders };
		String[] names = { "GET /orders/{id}", "GET /catalog/products/{id}", "GET /stock/{productId}",
				"GET /shipping/quotes/{orderId}" };
		Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
			for (int i = 0; i < names.length; i++) {
				JsonNode endpoint = traces.endpoint(names[i], "SERVER").orElseThrow();
				assertThat(endpoint.path("count").longValue()).as(names[i]).isEqualTo(expected[i]);
				assertThat(endpoint.path("errors").longValue()).as("errors of " + names[i]).isZero();
			}
		});
	}

	/** What wasn't stored was dropped for a reason that is told. */
	private static void assertSegments(Caller caller, long requests) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
			JsonNode apm = caller.json("/actuator/apm");
			JsonNode embedded = apm.path("backends").path(0);
			long dropped = sum(embedded.path("dropped"));
			long offered = embedded.path("offered").longValue();
			assertThat(embedded.path("state").textValue()).isEqualTo("up");
			assertThat(embedded.path("queue").longValue()).isZero();
			assertThat(offered).isEqualTo(embedded.path("sent").longValue() + dropped);
			// Scheduled jobs are segments too.
			assertThat(offered + sum(apm.path("pipeline").path("dropped"))).isBetween(requests, requests + 1000);
		});
	}

	private static long sum(JsonNode counts) {
		return StreamSupport.stream(counts.spliterator(), false).mapToLong(JsonNode::longValue).sum();
	}

	private static long metric(Caller caller, String name) {
		return caller.json("/actuator/metrics/" + name).path("measurements").path(0).path("value").longValue();
	}

	private static Sent load(Application application, int requests) throws InterruptedException, ExecutionException {
		Sent sent = new Sent();
		HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		AtomicInteger next = new AtomicInteger();
		ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS);
		try {
			List<Callable<Void>> workers = new ArrayList<>();
			for (int i = 0; i < CONNECTIONS; i++) {
				workers.add(() -> {
					for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
						send(http, application, number, sent);
					}
					return null;
				});
			}
			for (Future<Void> worker : connections.invokeAll(workers, 5, TimeUnit.MINUTES)) {
				worker.get();
			}
		}
		finally {
			connections.shutdownNow();
		}
		return sent;
	}

	private static void send(HttpClient http, Application application, int number, Sent sent)
			throws InterruptedException {
		boolean order = number % ORDER_EVERY == 0;
		boolean product = number % 2 == 1;
		String path = order ? "/orders/" + (1 + (number / ORDER_EVERY) % ORDERS)
				: (product ? "/catalog/products/" : "/stock/") + (1 + number % PRODUCTS);
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + application.port() + path))
			.timeout(Duration.ofSeconds(30))
			.build();
		try {
			HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
			if (response.statusCode() != 200) {
				throw new IOException("Status " + response.statusCode() + ": " + response.body());
			}
			AtomicLong counter = order ? sent.orders() : product ? sent.products() : sent.stock();
			counter.incrementAndGet();
			if (order) {
				sent.lines().addAndGet(response.body().split("\"productId\"", -1).length - 1);
			}
		}
		catch (IOException ex) {
			synchronized (sent) {
				sent.errors().add(path + ": " + ex);
			}
		}
	}

	/**
	 * What was sent successfully.
	 *
	 * @param orders requests for an order, each asks for one shipping quote
	 * @param lines lines of these orders, each asks for a product and its stock
	 * @param products requests for a product
	 * @param stock requests for a product's stock
	 * @param errors what went wrong
	 */
	private record Sent(AtomicLong orders, AtomicLong lines, AtomicLong products, AtomicLong stock,
			List<String> errors) {

		Sent() {
			this(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new ArrayList<>());
		}

		/** Requests that the application served, its own included. */
		long total() {
			return 2 * this.orders.get() + 2 * this.lines.get() + this.products.get() + this.stock.get();
		}

	}

}
