package dev.apm4j.it;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.SharedApplications;
import dev.apm4j.it.app.Traces;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The agent as Spring Boot's actuator shows and changes it.
 */
class ManagementIT extends DeploymentTests {

	private static final String ENDPOINT = "/actuator/apm";

	private static final String FAILED = "limit=500&error=true&name=GET%20/fail-handled";

	ManagementIT(SharedApplications.Shared shared) {
		super(shared);
	}

	@AfterEach
	void restore() {
		change("{\"paused\":false,\"samplingRate\":1.0}");
	}

	@Test
	void endpointTellsTheState() {
		this.traces.settle();
		JsonNode apm = this.caller.json(ENDPOINT);
		assertThat(apm.path("version").textValue()).isEqualTo("0.1.0-SNAPSHOT");
		assertThat(apm.path("service").textValue()).isEqualTo("orders");
		assertThat(apm.path("instance").textValue()).endsWith(":" + this.application.pid());
		assertThat(Duration.parse(apm.path("uptime").textValue())).isPositive();
		assertThat(apm.path("paused").booleanValue()).isFalse();
		assertThat(apm.path("sampling").path("rate").doubleValue()).isEqualTo(1.0);
		assertThat(apm.path("propagation").path("consume")).extracting(JsonNode::textValue)
			.containsExactly("w3c", "b3", "sw8", "baggage");
		assertThat(apm.path("propagation").path("produce")).extracting(JsonNode::textValue)
			.containsExactly("w3c", "baggage");
		assertThat(apm.path("backends")).hasSize(1);
		JsonNode embedded = apm.path("backends").path(0);
		assertThat(embedded.path("name").textValue()).isEqualTo("embedded");
		assertThat(embedded.path("state").textValue()).isEqualTo("up");
		assertThat(embedded.path("sent").longValue()).isPositive();
		assertThat(embedded.path("lastError").isNull()).isTrue();
		assertThat(embedded.path("dropped")).allSatisfy((count) -> assertThat(count.longValue()).isZero());
	}

	@Test
	void endpointTellsWhatIsInstrumented() {
		JsonNode instrumentations = this.caller.json(ENDPOINT).path("instrumentations");
		assertThat(instrumentations).filteredOn((each) -> each.path("enabled").booleanValue())
			.extracting((each) -> each.path("name").textValue())
			.contains("servlet", "rest-template", "rest-client", "web-client", "observation", "logging");
		assertThat(instrumentations).allSatisfy((each) -> assertThat(each.path("reason").asText()).isNotEmpty());
	}

	@Test
	void pausedTracerRecordsNothingAndPassesOn() {
		long requests = count();
		JsonNode changed = change("{\"paused\":true}");
		assertThat(changed.path("paused").booleanValue()).isTrue();
		String traceId = Traces.newTraceId();
		HttpResponse<String> response = this.caller.get("/relay", "traceparent", Traces.traceparent(traceId));
		assertThat(this.caller.read(response.body()).path("traceparent").asText()).startsWith("00-" + traceId);
		change("{\"paused\":false}");
		this.traces.settle();
		assertThat(this.traces.find(traceId)).isEmpty();
		assertThat(count()).isEqualTo(requests);
		assertThat(trace("/relay", 200, 3).spans()).hasSize(3);
	}

	@Test
	void unsampledRequestIsCountedAndTellsTheCalledSide() {
		long requests = count();
		JsonNode changed = change("{\"samplingRate\":0}");
		assertThat(changed.path("sampling").path("rate").doubleValue()).isZero();
		String traceparent = this.caller.read(this.caller.get("/relay").body()).path("traceparent").asText();
		assertThat(traceparent).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[02]");
		this.traces.settle();
		assertThat(this.traces.find(traceparent.substring(3, 35))).isEmpty();
		assertThat(count()).isEqualTo(requests + 1);
	}

	@Test
	void failedRequestIsKeptAlthoughItWasNotSampled() {
		this.traces.settle();
		List<JsonNode> before = this.traces.list(FAILED);
		change("{\"samplingRate\":0}");
		this.caller.get("/fail-handled");
		this.traces.settle();
		assertThat(this.traces.list(FAILED)).hasSize(before.size() + 1);
	}

	@Test
	void wrongChangeIsRefused() {
		assertThat(this.caller.post(ENDPOINT, "{\"samplingRate\":7}").statusCode()).isEqualTo(400);
		assertThat(this.caller.post(ENDPOINT, "{}").statusCode()).isEqualTo(400);
		assertThat(this.caller.json(ENDPOINT).path("sampling").path("rate").doubleValue()).isEqualTo(1.0);
	}

	@Test
	void healthShowsTheBackend() {
		this.traces.settle();
		JsonNode health = this.caller.json("/actuator/health");
		assertThat(health.path("status").textValue()).isEqualTo("UP");
		JsonNode apm = health.path("components").path("apm");
		assertThat(apm.path("status").textValue()).isEqualTo("UP");
		assertThat(apm.path("details").path("embedded").path("state").textValue()).isEqualTo("up");
	}

	@Test
	void infoNamesTheAgent() {
		JsonNode apm = this.caller.json("/actuator/info").path("apm");
		assertThat(apm.path("version").textValue()).isEqualTo("0.1.0-SNAPSHOT");
		assertThat(apm.path("service").textValue()).isEqualTo("orders");
	}

	@Test
	void metersCountSegments() {
		String embedded = "tag=backend:embedded";
		double sent = meter("apm.segments.sent", embedded);
		this.caller.get("/products/1");
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(meter("apm.segments.sent", embedded)).isGreaterThan(sent));
		assertThat(meter("apm.backend.up", embedded)).isEqualTo(1);
		assertThat(meter("apm.segments.dropped", embedded)).isZero();
		assertThat(meter("apm.pipeline.dropped")).isZero();
	}

	@Test
	void dashboardIsForThisMachineOnly() {
		HttpResponse<String> page = this.caller.get("/apm/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
		assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
		assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
			.contains("frame-ancestors 'none'");
		assertThat(this.caller.get("/apm/api/traces", "X-Forwarded-For", "203.0.113.7").statusCode()).isEqualTo(403);
	}

	private JsonNode change(String body) {
		HttpResponse<String> response = this.caller.post(ENDPOINT, body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return this.caller.read(response.body());
	}

	private long count() {
		this.traces.settle();
		return this.traces.endpoint("GET /relay", "SERVER").map((found) -> found.path("count").longValue()).orElse(0L);
	}

}
