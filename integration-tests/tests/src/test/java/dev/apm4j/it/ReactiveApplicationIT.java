package dev.apm4j.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.RecordedTrace;
import dev.apm4j.it.app.Traces;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server on WebFlux, started once for all tests, at the root and below a base path.
 */
@ParameterizedClass(name = "{0} at ''{1}''")
@MethodSource("deployments")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReactiveApplicationIT {

	private static final String CALLER_SPAN = "b7ad6b7169203331";

	private static final String FAILURE_OF_THE_APPLICATION = "500 Server Error for HTTP GET";

	@RegisterExtension
	final Applications applications = new Applications();

	@Parameter(0)
	Deployment deployment;

	@Parameter(1)
	String basePath;

	private Application application;

	private Caller caller;

	private Traces traces;

	static Stream<Arguments> deployments() {
		return Stream.of(Arguments.of(new Deployment(BootLine.BOOT_3_5, 17, false), ""),
				Arguments.of(new Deployment(BootLine.BOOT_4_1, 25, false), "/shop"));
	}

	@BeforeParameterizedClassInvocation
	void start() {
		this.application = this.deployment
			.launch(this.deployment.line().reactiveJar(), "reactive", "--spring.webflux.base-path=" + this.basePath,
					"--apm.export.poll-interval=5ms", "--apm.export.linger=5ms")
			.awaitStarted();
		this.applications.watch(this.application);
		this.caller = new Caller(this.application);
		this.traces = new Traces(this.caller, this.basePath);
	}

	@AfterParameterizedClassInvocation
	void applicationEndsWithoutComplaint() {
		try (Application ending = this.application) {
			ending.terminate();
			// 128 + SIGTERM is what a JVM returns that ended in order.
			assertThat(ending.awaitExit(Duration.ofSeconds(20))).isIn(0, 143);
			assertThat(ending.log().lines()).filteredOn((line) -> line.matches(".*\\b(WARN|ERROR|SEVERE)\\b.*"))
				.allSatisfy((line) -> assertThat(line).contains(FAILURE_OF_THE_APPLICATION));
		}
	}

	@Test
	void requestThatCallsAFunctionalRouteIsOneTree() {
		RecordedTrace trace = trace("/orders/7", 200, 3);

		RecordedSpan order = trace.childrenOf(CALLER_SPAN).get(0);
		assertServer(order, "/orders/{id}", "/orders/7", "200");
		RecordedSpan call = trace.childrenOf(order.id()).get(0);
		assertThat(call.kind()).isEqualTo("CLIENT");
		assertThat(call.attribute("http.response.status_code")).isEqualTo("200");
		assertThat(call.attribute("url.full")).endsWith(this.basePath + "/stock/7");
		assertServer(trace.childrenOf(call.id()).get(0), "/stock/{id}", "/stock/7", "200");
		assertThat(trace.spans()).noneMatch(RecordedSpan::failed);
	}

	@Test
	void lineBehindTheCallHasTheIdsOfTheRequest() {
		RecordedTrace trace = trace("/orders/8", 200, 3);
		assertThat(line(trace.id(), "Order 8 has stock 8"))
			.contains("[" + trace.id() + "-" + trace.childrenOf(CALLER_SPAN).get(0).id() + "]");
	}

	@Test
	void failureOnAnotherThreadIsTheRequests() {
		RecordedTrace trace = trace("/failures/9", 500, 1);
		RecordedSpan failed = trace.single();
		assertServer(failed, "/failures/{id}", "/failures/9", "500");
		assertThat(failed.failed()).isTrue();
		assertThat(failed.error().toString()).contains("java.lang.IllegalStateException", "Nothing left of 9");
		assertThat(line(trace.id(), FAILURE_OF_THE_APPLICATION)).contains(failed.id());
	}

	@Test
	void streamIsOneSpanUntilItsEnd() {
		String traceId = Traces.newTraceId();
		HttpResponse<String> response = get("/changes", "traceparent", Traces.traceparent(traceId));
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
		assertThat(response.body().lines()).contains("data:change 0", "data:change 1", "data:change 2");
		RecordedSpan stream = this.traces.complete(traceId, 1).single();
		assertServer(stream, "/changes", "/changes", "200");
		// Three ticks of five milliseconds
		assertThat(stream.duration()).isGreaterThan(10_000);
	}

	@Test
	void requestWithoutCallerStartsATrace() {
		String traceId = get("/trace-id").body();
		assertThat(traceId).matches("[0-9a-f]{32}");
		assertThat(this.traces.complete(traceId, 1).single().parentId()).isNull();
	}

	@Test
	void pageIsForThisMachineOnly() throws IOException {
		HttpResponse<String> page = get("/apm/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
		assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow()).startsWith("default-src 'none'")
			.contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
			.doesNotContain("unsafe");
		assertThat(get("/apm", "X-Forwarded-For", "127.0.0.1").statusCode()).isEqualTo(403);
		assertThat(get("/apm/api/traces", "X-Forwarded-For", "203.0.113.7").statusCode()).isEqualTo(403);
		assertThat(statusForHost("127.0.0.1:" + this.application.port())).contains(" 200 ");
		assertThat(statusForHost("shop.example")).contains(" 403 ");
		if (!this.basePath.isEmpty()) {
			assertThat(this.caller.get("/apm").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void pageAndActuatorTellOfRequests() {
		String traceId = trace("/orders/10", 200, 3).id();
		List<JsonNode> listed = this.traces.list("limit=500&name=GET%20/orders/%7Bid%7D");
		assertThat(listed).extracting((summary) -> summary.path("traceId").textValue()).contains(traceId);

		JsonNode apm = this.caller.json(this.basePath + "/actuator/apm");
		assertThat(apm.path("service").textValue()).isEqualTo("reactive");
		assertThat(apm.path("backends").path(0).path("state").textValue()).isEqualTo("up");
		assertThat(apm.path("instrumentations")).filteredOn((each) -> each.path("enabled").booleanValue())
			.extracting((each) -> each.path("name").textValue())
			.contains("web-client", "observation", "context-propagation", "logging");
	}

	private static void assertServer(RecordedSpan span, String route, String path, String status) {
		assertThat(span.kind()).isEqualTo("SERVER");
		assertThat(span.name()).isEqualTo("GET " + route);
		assertThat(span.attribute("http.route")).isEqualTo(route);
		assertThat(span.attribute("url.path")).endsWith(path);
		assertThat(span.attribute("http.response.status_code")).isEqualTo(status);
	}

	private RecordedTrace trace(String path, int status, int spans) {
		String traceId = Traces.newTraceId();
		assertThat(get(path, "traceparent", Traces.traceparent(traceId)).statusCode()).as(path).isEqualTo(status);
		RecordedTrace trace = this.traces.complete(traceId, spans);
		assertThat(trace.spans()).as("spans of " + path).hasSize(spans);
		return trace;
	}

	private HttpResponse<String> get(String path, String... headers) {
		return this.caller.get(this.basePath + path, headers);
	}

	private String line(String traceId, String text) {
		return Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> this.application.log()
				.lines()
				.filter((line) -> line.contains(traceId) && line.contains(text))
				.findFirst(), Optional::isPresent)
			.orElseThrow();
	}

	/** The JDK's client does not let anybody choose the header. */
	private String statusForHost(String host) throws IOException {
		try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), this.application.port())) {
			String request = "GET " + this.basePath + "/apm/ HTTP/1.1\r\nHost: " + host
					+ "\r\nConnection: close\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return response.lines().findFirst().orElse("");
		}
	}

}
