package dev.apm4j.sample.shop;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the shop is there to show.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "demo.traffic=false")
class ShopTracesTests {

	private static final ParameterizedTypeReference<Trace> TRACE = new ParameterizedTypeReference<>() {
	};

	@LocalServerPort
	private int port;

	private RestTestClient client;

	@BeforeEach
	void createClient() {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + this.port).build();
	}

	@Test
	void orderShowsItsSqlAmongItsCalls() {
		// Order 1 has one line: two statements, a product and its stock, a quote.
		Trace trace = trace("/orders/1", "GET /orders/{id}");
		Span order = trace.named("GET /orders/{id}");
		assertThat(trace.childrenOf(order)).extracting(Span::name)
			.containsExactly("SELECT orders", "SELECT order_items", "GET /catalog/products/{id}",
					"GET /stock/{productId}", "GET /shipping/quotes/{orderId}");
		assertThat(trace.below(order, "GET /catalog/products/{id}")).containsExactly("SELECT products");
		assertThat(trace.below(order, "GET /stock/{productId}")).containsExactly("SELECT stock");
		assertThat(trace.sql())
			.allSatisfy((span) -> assertThat(span.attributes()).containsEntry("db.system.name", "h2database")
				.containsKey("db.query.text")
				.containsEntry("db.response.returned_rows", 1));
	}

	@Test
	void queryInALoopIsOneGroupWithItsCountAndTheLineOfTheLoop() {
		Trace trace = trace("/customers/1/orders", "GET /customers/{id}/orders");
		Span request = trace.named("GET /customers/{id}/orders");
		assertThat(trace.childrenOf(request)).extracting(Span::name)
			.containsExactly("SELECT customers", "SELECT order_items", "SELECT products");
		Span group = trace.named("SELECT products");
		assertThat(group.attributes()).containsEntry("apm.db.repeated", 10)
			.containsEntry("db.query.text", "SELECT name FROM products WHERE id = ?");
		assertThat(group.attributes().get("apm.db.callers")).asInstanceOf(InstanceOfAssertFactories.list(String.class))
			.satisfies((callers) -> {
				assertThat(callers.get(0)).contains(".CustomerRepository.findProductName(CustomerRepository.java:");
				assertThat(callers.get(1)).contains(".CustomerController.orders(CustomerController.java:");
			});
	}

	private Trace trace(String path, String name) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		String traceId = "%016x%016x".formatted(random.nextLong() | 1, random.nextLong() | 1);
		this.client.get()
			.uri(path)
			.header("traceparent", "00-" + traceId + "-b7ad6b7169203331-01")
			.exchange()
			.expectStatus()
			.isOk();
		return Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> stored(traceId), (trace) -> trace != null && trace.isComplete(name));
	}

	private Trace stored(String traceId) {
		return this.client.get().uri("/apm/api/traces/" + traceId).exchange().returnResult(TRACE).getResponseBody();
	}

	/**
	 * A trace as the embedded backend tells it.
	 *
	 * @param spans its spans
	 */
	record Trace(List<Span> spans) {

		boolean isComplete(String name) {
			return this.spans != null
					&& this.spans.stream().anyMatch((span) -> span.isServer() && span.name().equals(name))
					&& this.spans.stream()
						.filter((span) -> span.kind().equals("CLIENT") && !span.isSql())
						.allMatch((call) -> !childrenOf(call).isEmpty());
		}

		Span named(String name) {
			return this.spans.stream()
				.filter((span) -> span.name().equals(name) && (span.isServer() || span.isSql()))
				.reduce((first, second) -> {
					throw new AssertionError("Two spans " + name + " in " + this.spans);
				})
				.orElseThrow(() -> new AssertionError("No span " + name + " in " + this.spans));
		}

		List<Span> childrenOf(Span parent) {
			return this.spans.stream()
				.filter((span) -> parent.id().equals(span.parentId()) && !span.name().startsWith("CONNECT"))
				.sorted((a, b) -> Long.compare(a.start(), b.start()))
				.toList();
		}

		/** Names of what the service does that is called with a span of that name. */
		List<String> below(Span parent, String call) {
			return childrenOf(parent).stream()
				.filter((span) -> span.name().equals(call))
				.flatMap((span) -> childrenOf(span).stream())
				.flatMap((span) -> childrenOf(span).stream())
				.map(Span::name)
				.toList();
		}

		List<Span> sql() {
			return this.spans.stream().filter((span) -> span.isSql() && !span.name().startsWith("CONNECT")).toList();
		}

	}

	record Span(String id, String parentId, String name, String kind, long start, Map<String, Object> attributes) {

		boolean isServer() {
			return this.kind.equals("SERVER");
		}

		boolean isSql() {
			return this.attributes.containsKey("db.system.name");
		}

	}

}
