package dev.apm4j.it;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.RecordedTrace;
import dev.apm4j.it.app.SharedApplications;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * One request that is continued in four calls with all the clients makes one tree.
 */
class RequestTreeIT extends DeploymentTests {

	private static final String CALLER_SPAN = "b7ad6b7169203331";

	private static final int SPANS = 9;

	RequestTreeIT(SharedApplications.Shared shared) {
		super(shared);
	}

	@Test
	void requestWithCallsIsOneTree() {
		// The example of W3C's recommendation.
		RecordedTrace trace = trace("0af7651916cd43dd8448eb211c80319c", "/orders/1", 200, SPANS);

		List<RecordedSpan> entries = trace.childrenOf(CALLER_SPAN);
		assertThat(entries).hasSize(1);
		RecordedSpan order = entries.get(0);
		assertThat(order.kind()).isEqualTo("SERVER");
		assertThat(order.name()).isEqualTo("GET /orders/{id}");
		assertThat(order.attribute("url.path")).isEqualTo("/orders/1");
		assertThat(order.attribute("http.response.status_code")).isEqualTo("200");

		List<RecordedSpan> calls = trace.childrenOf(order.id());
		assertThat(calls).hasSize(4).allSatisfy((call) -> assertThat(call.kind()).isEqualTo("CLIENT"));
		for (RecordedSpan call : calls) {
			assertThat(call.attribute("http.response.status_code")).isEqualTo("200");
			List<RecordedSpan> called = trace.childrenOf(call.id());
			assertThat(called).hasSize(1);
			assertThat(called.get(0).kind()).isEqualTo("SERVER");
			assertThat(called.get(0).name()).isEqualTo("GET /products/{id}");
			assertThat(call.attribute("url.full")).endsWith(called.get(0).attribute("url.path"));
			assertThat(trace.childrenOf(called.get(0).id())).isEmpty();
		}
	}

	@Test
	void eachClientIsTraced() {
		RecordedTrace trace = trace("/orders/2", 200, SPANS);
		// The order tells the clients apart: RestClient, RestTemplate, WebClient twice.
		assertThat(trace.ofKind("CLIENT")).extracting((span) -> lastSegment(span.attribute("url.full")))
			.containsExactlyInAnyOrder("11", "12", "13", "14");
	}

	@Test
	void callsAreNamedByTheirTemplate() {
		RecordedTrace trace = trace("/orders/3", 200, SPANS);
		for (RecordedSpan call : trace.ofKind("CLIENT")) {
			if (lastSegment(call.attribute("url.full")).equals("12")) {
				// Without an Observation nobody tells which template a RestTemplate
				// expanded.
				assertThat(call.name()).isIn("GET", "GET /products/{id}");
			}
			else {
				assertThat(call.name()).isEqualTo("GET /products/{id}");
			}
		}
	}

	@Test
	void everySpanIsThereOnceAndHasAParent() {
		RecordedTrace trace = trace("/orders/4", 200, SPANS);
		Set<String> ids = new HashSet<>(List.of(CALLER_SPAN));
		assertThat(trace.spans()).allSatisfy((span) -> assertThat(ids.add(span.id())).isTrue());
		assertThat(trace.spans()).allSatisfy((span) -> assertThat(ids).contains(span.parentId()))
			.allSatisfy((span) -> assertThat(span.service()).isEqualTo("orders"))
			.noneMatch(RecordedSpan::failed);
	}

	@Test
	void timesFitTogether() {
		RecordedTrace trace = trace("/orders/5", 200, SPANS);
		RecordedSpan order = trace.childrenOf(CALLER_SPAN).get(0);
		long now = TimeUnit.MILLISECONDS.toMicros(Instant.now().toEpochMilli());
		assertThat(order.start()).isCloseTo(now, within(TimeUnit.MINUTES.toMicros(5)));
		for (RecordedSpan call : trace.childrenOf(order.id())) {
			assertThat(call.duration()).isPositive();
			// Rounded to microseconds at both ends.
			assertThat(call.start()).isGreaterThanOrEqualTo(order.start() - 1);
			assertThat(call.start() + call.duration()).isLessThanOrEqualTo(order.start() + order.duration() + 1);
		}
	}

	@Test
	void requestWithoutCallerStartsATrace() {
		String traceId = this.caller.get("/trace-id").body();
		RecordedSpan span = this.traces.complete(traceId, 1).single();
		assertThat(traceId).matches("[0-9a-f]{32}");
		assertThat(span.parentId()).isNull();
		assertThat(span.name()).isEqualTo("GET /trace-id");
	}

	@Test
	void everyRequestIsCountedByEndpoint() {
		this.traces.settle();
		long orders = count("GET /orders/{id}");
		long products = count("GET /products/{id}");
		for (int i = 0; i < 3; i++) {
			assertThat(this.caller.get("/orders/" + i).statusCode()).isEqualTo(200);
		}
		this.traces.settle();
		assertThat(count("GET /orders/{id}") - orders).isEqualTo(3);
		assertThat(count("GET /products/{id}") - products).isEqualTo(12);
	}

	private long count(String endpoint) {
		return this.traces.endpoint(endpoint, "SERVER").map((found) -> found.path("count").longValue()).orElse(0L);
	}

	private static String lastSegment(String url) {
		return url.substring(url.lastIndexOf('/') + 1);
	}

}
