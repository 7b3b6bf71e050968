package dev.apm4j.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.SharedApplications;
import dev.apm4j.it.app.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each way to answer a request makes one span with the right name and outcome.
 */
class WebRequestsIT extends DeploymentTests {

	private final boolean virtualThreads;

	WebRequestsIT(SharedApplications.Shared shared) {
		super(shared);
		this.virtualThreads = shared.deployment().virtualThreads();
	}

	@Test
	void requestRunsOnTheThreadsThatItIsMeantTo() {
		assertThat(this.caller.get("/thread").body().startsWith("VirtualThread")).isEqualTo(this.virtualThreads);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/async", "/deferred", "/stream", "/forward", "/slow" })
	void requestIsOneSpan(String path) {
		RecordedSpan span = trace(path, 200, 1).single();
		assertThat(span.kind()).isEqualTo("SERVER");
		assertThat(span.name()).isEqualTo("GET " + path);
		assertThat(span.attribute("http.route")).isEqualTo(path);
		assertThat(span.attribute("http.response.status_code")).isEqualTo("200");
		assertThat(span.failed()).isFalse();
	}

	@Test
	void durationIsThatOfTheWholeRequest() {
		assertThat(trace("/slow", 200, 1).single().duration()).isGreaterThanOrEqualTo(300_000);
		assertThat(trace("/deferred", 200, 1).single().duration()).isGreaterThanOrEqualTo(50_000);
	}

	@Test
	void bodiesAreUntouched() {
		assertThat(this.caller.get("/stream").body()).startsWith("line 0\n").endsWith("line 4\n");
		assertThat(this.caller.get("/async").body()).isEqualTo("async");
		assertThat(this.caller.get("/forward").body()).isEqualTo("product 7");
	}

	@Test
	void exceptionIsAFailure() {
		RecordedSpan span = trace("/fail", 500, 1).single();
		assertThat(span.name()).isEqualTo("GET /fail");
		assertThat(span.attribute("http.response.status_code")).isEqualTo("500");
		assertThat(span.failed()).isTrue();
		assertThat(span.error().path("type").asText()).endsWith("IllegalStateException");
		assertThat(span.error().path("message").asText()).isEqualTo("Out of stock");
	}

	@Test
	void handledExceptionIsAFailureToo() {
		RecordedSpan span = trace("/fail-handled", 500, 1).single();
		assertThat(span.name()).isEqualTo("GET /fail-handled");
		assertThat(span.attribute("http.response.status_code")).isEqualTo("500");
		assertThat(span.failed()).isTrue();
	}

	@Test
	void unknownPathIsNoFailureAndNoName() {
		RecordedSpan span = trace("/nowhere/4711", 404, 1).single();
		assertThat(span.name()).startsWith("GET").doesNotContain("4711").doesNotContain("error");
		assertThat(span.attribute("http.response.status_code")).isEqualTo("404");
		assertThat(span.failed()).isFalse();
	}

	@Test
	void failedTracesCanBeListed() {
		String failed = trace("/fail", 500, 1).id();
		String good = trace("/async", 200, 1).id();
		assertThat(this.traces.list("error=true&limit=200")).extracting((trace) -> trace.path("traceId").textValue())
			.contains(failed)
			.doesNotContain(good);
		assertThat(this.traces.list("error=true&limit=200"))
			.allSatisfy((trace) -> assertThat(trace.path("error").booleanValue()).isTrue());
	}

	@Test
	void slowTracesCanBeListed() {
		String slow = trace("/slow", 200, 1).id();
		assertThat(this.traces.list("minDuration=300ms&limit=200"))
			.allSatisfy((trace) -> assertThat(trace.path("duration").longValue()).isGreaterThanOrEqualTo(300_000))
			.extracting((trace) -> trace.path("traceId").textValue())
			.contains(slow);
	}

	@Test
	void summaryTellsOfTheWholeTrace() {
		String traceId = trace("/orders/8", 200, 9).id();
		JsonNode summary = this.traces.list("limit=200")
			.stream()
			.filter((trace) -> trace.path("traceId").textValue().equals(traceId))
			.findFirst()
			.orElseThrow();
		assertThat(summary.path("name").textValue()).isEqualTo("GET /orders/{id}");
		assertThat(summary.path("service").textValue()).isEqualTo("orders");
		assertThat(summary.path("kind").textValue()).isEqualTo("SERVER");
		assertThat(summary.path("spanCount").intValue()).isEqualTo(9);
		assertThat(summary.path("status").intValue()).isEqualTo(200);
		assertThat(summary.path("error").booleanValue()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/static.css", "/actuator/health", "/actuator/apm", "/apm/", "/apm/api/traces" })
	void ownAndStaticPathsAreNotTraced(String path) {
		String traceId = Traces.newTraceId();
		assertThat(this.caller.get(path, "traceparent", Traces.traceparent(traceId)).statusCode()).isEqualTo(200);
		this.traces.settle();
		assertThat(this.traces.find(traceId)).isEmpty();
	}

}
