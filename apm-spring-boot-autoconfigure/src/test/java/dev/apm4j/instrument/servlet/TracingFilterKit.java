package dev.apm4j.instrument.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import dev.apm4j.trace.ApmTracer;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the filter does on a real Tomcat, whichever tracer is below it. After each test a
 * further request shows that the requests before it made exactly one span each.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TracingFilterKit {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private ConfigurableApplicationContext context;

	private TracerFixture fixture;

	private int port;

	private int sent;

	abstract TracerFixture fixture();

	/** What makes the filter a part of the application. */
	abstract Class<?>[] configuration();

	@BeforeAll
	void start() {
		this.fixture = fixture();
		List<Class<?>> sources = new ArrayList<>(List.of(configuration()));
		sources.add(WebApplication.class);
		this.context = new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
			.initializers((context) -> context.getBeanFactory().registerSingleton("fixture", this.fixture),
					(context) -> context.getBeanFactory().registerSingleton("tracer", this.fixture.tracer()),
					(context) -> context.getBeanFactory().registerSingleton("propagator", this.fixture.propagator()))
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"logging.level.root=off")
			.run();
		this.port = ((WebServerApplicationContext) this.context).getWebServer().getPort();
	}

	@AfterAll
	void stop() {
		this.context.close();
	}

	@BeforeEach
	void clear() {
		this.fixture.spans().clear();
		this.sent = 0;
	}

	@AfterEach
	void exactlyOneSpanForEachRequestAndNoThreadWithACurrentSpan() throws Exception {
		this.fixture.spans().await(this.sent);
		get("/orders/last");
		assertThat(this.fixture.spans().await(this.sent)).hasSize(this.sent);
		assertThat(this.context.getBean(WebApplication.LeakDetector.class).leaks).hasValue(0);
	}

	@Test
	void requestIsNamedByMethodAndRoute() throws Exception {
		HttpResponse<String> response = get("/orders/4711");
		RecordedSpan span = span();
		assertThat(span.name()).isEqualTo("GET /orders/{id}");
		assertThat(span.tags()).containsEntry("http.request.method", "GET")
			.containsEntry("http.route", "/orders/{id}")
			.containsEntry("http.response.status_code", "200")
			.containsEntry("url.path", "/orders/4711")
			.containsEntry("url.scheme", "http")
			.doesNotContainKey("url.query")
			.doesNotContainKey("client.address");
		assertThat(span.tag("user_agent.original")).startsWith("Java-http-client");
		assertThat(span.failed()).isFalse();
		assertThat(span.parentId()).isNull();
		assertThat(response.body()).isEqualTo(span.spanId());
	}

	@Test
	void callersTraceIsContinued() throws Exception {
		send(request("/orders/1").header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
		assertThat(span().traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
		assertThat(span().parentId()).isEqualTo("b7ad6b7169203331");
	}

	@Test
	void pathIsRecordedWithoutSessionId() throws Exception {
		get("/orders/1;jsessionid=A1B2?token=abc");
		assertThat(span().tag("url.path")).isEqualTo("/orders/1");
		assertThat(span().tags().toString()).doesNotContain("A1B2").doesNotContain("abc");
	}

	@Test
	void unknownMethodMakesNoName() throws Exception {
		send(request("/orders/1").method("BREW", HttpRequest.BodyPublishers.noBody()));
		assertThat(span().name()).isEqualTo("HTTP /orders/{id}");
		assertThat(span().tags()).containsEntry("http.request.method", "_OTHER")
			.containsEntry("http.request.method_original", "BREW");
	}

	@Test
	void headIsNotGet() throws Exception {
		send(request("/orders/1").method("HEAD", HttpRequest.BodyPublishers.noBody()));
		assertThat(span().name()).isEqualTo("HEAD /orders/{id}");
	}

	@Test
	void functionalRouteIsARoute() throws Exception {
		get("/functions/one");
		assertThat(span().name()).isEqualTo("GET /functions/{name}");
	}

	@Test
	void plainServletIsNamedByItsMapping() throws Exception {
		get("/legacy/some/path");
		assertThat(span().name()).isEqualTo("GET /legacy/*");
	}

	@Test
	void unknownPathMakesNoName() throws Exception {
		assertThat(get("/wp-admin/setup.php").statusCode()).isEqualTo(404);
		assertThat(span().name()).isEqualTo("GET /**");
		assertThat(span().tag("http.response.status_code")).isEqualTo("404");
		assertThat(span().failed()).isFalse();
	}

	@Test
	void requestThatAFilterAnswersHasNoRoute() throws Exception {
		assertThat(get("/secured/1").statusCode()).isEqualTo(401);
		assertThat(span().name()).isEqualTo("GET");
		assertThat(span().tags()).containsEntry("http.response.status_code", "401").doesNotContainKey("http.route");
		assertThat(span().failed()).isFalse();
	}

	@Test
	void exceptionOfAHandlerIsAFailureOfItsRoute() throws Exception {
		assertThat(get("/fails").statusCode()).isEqualTo(500);
		assertThat(span().name()).isEqualTo("GET /fails");
		assertThat(span().tags()).containsEntry("http.response.status_code", "500").containsEntry("error.type", "500");
		assertThat(span().error()).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void exceptionOfAServletIsRecordedUnwrapped() throws Exception {
		assertThat(get("/failing").statusCode()).isEqualTo(500);
		assertThat(span().name()).isEqualTo("GET /failing");
		assertThat(span().tag("http.response.status_code")).isEqualTo("500");
		assertThat(span().error()).isInstanceOf(IllegalStateException.class).hasMessage("from the servlet");
	}

	@Test
	void exceptionAfterTheResponseWasSentIsAFailureWithTheStatusThatWasSent() throws Exception {
		try (Socket socket = begin("/failing-late")) {
			assertThat(span().tag("http.response.status_code")).isEqualTo("200");
			assertThat(span().error()).hasMessage("after the response was sent");
		}
	}

	@Test
	void exceptionThatIsHandledIsKnownIfTheStatusIsAFailure() throws Exception {
		get("/handled");
		assertThat(span().tags()).containsEntry("http.response.status_code", "500").containsEntry("error.type", "500");
		assertThat(span().error()).isInstanceOf(UnsupportedOperationException.class);
	}

	@Test
	void statusOfTheServerIsAFailure() throws Exception {
		get("/unavailable");
		assertThat(span().name()).isEqualTo("GET /unavailable");
		assertThat(span().tags()).containsEntry("http.response.status_code", "503").containsEntry("error.type", "503");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/gone", "/teapot" })
	void statusOfTheClientIsNoFailure(String path) throws Exception {
		int status = get(path).statusCode();
		assertThat(status).isBetween(400, 499);
		assertThat(span().name()).isEqualTo("GET " + path);
		assertThat(span().tag("http.response.status_code")).isEqualTo(String.valueOf(status));
		assertThat(span().failed()).isFalse();
	}

	@Test
	void forwardKeepsTheRouteOfTheRequest() throws Exception {
		HttpResponse<String> response = get("/forwarding/5");
		assertThat(span().name()).isEqualTo("GET /forwarding/{id}");
		assertThat(response.body()).isEqualTo(span().spanId());
	}

	@Test
	void forwardOfARewritingFilterLeadsToTheRoute() throws Exception {
		get("/rewritten");
		assertThat(span().name()).isEqualTo("GET /orders/{id}");
		assertThat(span().tag("url.path")).isEqualTo("/rewritten");
	}

	@Test
	void includeKeepsTheRouteOfTheRequest() throws Exception {
		HttpResponse<String> response = get("/including");
		assertThat(span().tag("url.path")).isEqualTo("/including");
		assertThat(response.body()).isEqualTo(span().spanId());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/callable", "/future", "/streamed", "/events" })
	void asynchronousRequestEndsOnce(String path) throws Exception {
		assertThat(get(path).statusCode()).isEqualTo(200);
		assertThat(span().name()).isEqualTo("GET " + path);
		assertThat(span().tag("http.response.status_code")).isEqualTo("200");
		assertThat(span().failed()).isFalse();
	}

	@Test
	void asynchronousErrorIsAFailure() throws Exception {
		assertThat(get("/deferred-error").statusCode()).isEqualTo(500);
		assertThat(span().name()).isEqualTo("GET /deferred-error");
		assertThat(span().tag("http.response.status_code")).isEqualTo("500");
		assertThat(span().error()).hasMessage("later");
	}

	@Test
	void errorHalfWayThroughAStreamIsAFailure() throws Exception {
		try (Socket socket = begin("/emitted")) {
			assertThat(span().name()).isEqualTo("GET /emitted");
			assertThat(span().error()).hasMessage("half way");
		}
	}

	@Test
	void everyAsynchronousCycleBelongsToTheSpan() throws Exception {
		assertThat(get("/cycles").statusCode()).isEqualTo(202);
		assertThat(span().name()).isEqualTo("GET /cycles");
		assertThat(span().tag("http.response.status_code")).isEqualTo("202");
	}

	@Test
	void timeoutIsAFailure() throws Exception {
		assertThat(get("/timeout").statusCode()).isEqualTo(503);
		assertThat(span().name()).isEqualTo("GET /timeout");
		assertThat(span().tags()).containsEntry("http.response.status_code", "503")
			.containsEntry("error.type", "timeout");
	}

	@Test
	void timeoutThatNobodyHandlesIsAFailure() throws Exception {
		assertThat(get("/forgotten").statusCode()).isEqualTo(500);
		assertThat(span().name()).isEqualTo("GET /forgotten");
		assertThat(span().tags()).containsEntry("http.response.status_code", "500")
			.containsEntry("error.type", "timeout");
	}

	@Test
	void timeoutOfALongPollIsNoFailure() throws Exception {
		assertThat(get("/long-poll").body()).isEqualTo("nothing new");
		assertThat(span().failed()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/endless", "/endless-at-once" })
	void clientThatGoesAwayIsNoFailure(String path) throws Exception {
		try (Socket socket = begin(path)) {
			socket.getInputStream().skipNBytes(1_000_000);
			resetOnClose(socket);
		}
		assertThatClientAborted(path);
	}

	@Test
	void clientThatGoesAwayFromAStreamIsNoFailure() throws Exception {
		try (Socket socket = begin("/streamed-endlessly")) {
			// Tomcat tells nobody of an error that comes while it puts the request aside.
			await().atMost(Duration.ofSeconds(30)).until(() -> busyThreads() == 0);
			socket.getInputStream().skipNBytes(1_000_000);
			resetOnClose(socket);
		}
		assertThatClientAborted("/streamed-endlessly");
	}

	private void assertThatClientAborted(String path) {
		assertThat(span().name()).isEqualTo("GET " + path);
		assertThat(span().tags()).containsEntry("apm.client_aborted", "true")
			.containsEntry("http.response.status_code", "200");
		assertThat(span().failed()).isFalse();
	}

	@Test
	void upgradeEndsTheRequest() throws Exception {
		try (Socket socket = begin("/upgrading")) {
			assertThat(span().tag("http.response.status_code")).isEqualTo("101");
			assertThat(span().name()).isEqualTo("GET /upgrading");
		}
	}

	@Test
	void nameThatTheApplicationChoseStays() throws Exception {
		get("/renamed");
		if (this.fixture.tracer() instanceof ApmTracer) {
			assertThat(span().name()).isEqualTo("checkout");
		}
		assertThat(span().tag("http.route")).isEqualTo("/renamed");
	}

	@Test
	void parallelAsynchronousRequestsHaveOneSpanEach() {
		List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			responses.add(this.client.sendAsync(request("/deferred/" + i).build(),
					HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)));
			this.sent++;
		}
		responses.forEach((response) -> assertThat(response.join().statusCode()).isEqualTo(200));
		List<RecordedSpan> spans = this.fixture.spans().await(200);
		assertThat(spans).hasSize(200).allMatch((span) -> span.name().equals("GET /deferred/{id}"));
		Set<String> paths = new HashSet<>();
		Set<String> traces = new HashSet<>();
		spans.forEach((span) -> {
			paths.add(span.tag("url.path"));
			traces.add(span.traceId());
		});
		assertThat(paths).hasSize(200);
		assertThat(traces).hasSize(200);
	}

	RecordedSpan span() {
		return this.fixture.spans().await(1).get(0);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(request(path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		this.sent++;
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
	}

	/** The container's threads that are serving a request. */
	private int busyThreads() {
		TomcatWebServer server = (TomcatWebServer) ((WebServerApplicationContext) this.context).getWebServer();
		Executor threads = server.getTomcat().getConnector().getProtocolHandler().getExecutor();
		return ((ThreadPoolExecutor) threads).getActiveCount();
	}

	/** A reset instead of an orderly end, as a killed client leaves it. */
	private static void resetOnClose(Socket socket) throws IOException {
		socket.setSoLinger(true, 0);
	}

	/** Sends a request and reads the first byte of the response. */
	private Socket begin(String path) throws IOException {
		this.sent++;
		Socket socket = new Socket("127.0.0.1", this.port);
		socket.setSoTimeout(30_000);
		socket.getOutputStream()
			.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		InputStream in = socket.getInputStream();
		assertThat(in.read()).isEqualTo('H');
		return socket;
	}

}
