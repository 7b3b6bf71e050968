package dev.apm4j.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.Traces;
import dev.apm4j.it.oap.OapQueries;
import dev.apm4j.it.oap.OapServer;
import dev.apm4j.it.oap.OapSpan;
import dev.apm4j.it.oap.Reporting;
import dev.apm4j.it.oap.SharedOapServer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a real SkyWalking server shows of two instances of the sample application, one of
 * which calls the other.
 */
@ExtendWith(SharedOapServer.class)
class SkyWalkingIT {

	private static final String FRONT = "shop-front";

	private static final String BACK = "shop-back";

	private static final String ORDER = "GET:/orders/{id}";

	private static final List<Application> applications = new ArrayList<>();

	private static Caller caller;

	private static String backAddress;

	private static Application front;

	private static OapQueries oap;

	@BeforeAll
	static void start(OapServer server) {
		oap = server.queries();
		String[] signals = { "--apm.skywalking.logs.enabled=true",
				"--apm.skywalking.meters.include=http.server.requests", "--apm.skywalking.meters.interval=2s" };
		Application back = add(Reporting.sample(server.address(), BACK, signals)).awaitStarted();
		backAddress = "127.0.0.1:" + back.port();
		List<String> more = new ArrayList<>(List.of(signals));
		more.add("--shop.services.base-url=http://" + backAddress);
		front = add(Reporting.sample(server.address(), FRONT, more.toArray(String[]::new))).awaitStarted();
		caller = new Caller(front);
		assertThat(caller.get("/orders/1").statusCode()).isEqualTo(200);
	}

	private static Application add(Application application) {
		applications.add(application);
		return application;
	}

	@AfterAll
	static void end(OapServer server) {
		applications.forEach(Application::close);
		applications.clear();
		assertThat(server.complaints()).isEmpty();
	}

	@Test
	void serviceIsThereWithWhatIsKnownOfItsInstance() {
		eventually().untilAsserted(() -> {
			assertThat(oap.services("GENERAL")).contains(FRONT, BACK);
			JsonNode instance = instance(FRONT);
			assertThat(instance.path("language").asText()).isEqualTo("JAVA");
			Map<String, String> attributes = keyValues(instance.path("attributes"), "name");
			assertThat(attributes).containsEntry("Process No.", Long.toString(front.pid()))
				.containsEntry("OS Name", System.getProperty("os.name"))
				.containsKey("version")
				.hasEntrySatisfying("hostname", (name) -> assertThat(name).isNotBlank())
				.hasEntrySatisfying("Start Time",
						(time) -> assertThat(time).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"));
			assertThat(attributes.get("JVM Arguments")).startsWith("[\"").contains("\"-Xmx160m\"").endsWith("\"]");
			assertThat(attributes.get("Jar Dependencies")).startsWith("[\"").contains("\"apm-spring-boot-starter-");
			assertThat(instance.path("name").asText()).matches("[0-9a-f]{32}@.+");
		});
	}

	@Test
	void traceLeadsThroughBothProcesses() {
		List<OapSpan> spans = trace("/orders/1", 200, 4);

		OapSpan entry = one(spans, (span) -> span.service().equals(FRONT) && span.type().equals("Entry"));
		assertThat(entry.name()).isEqualTo(ORDER);
		assertThat(entry.id()).isZero();
		assertThat(entry.parentId()).isEqualTo(-1);
		assertThat(entry.component()).isEqualTo("SpringMVC");
		assertThat(entry.layer()).isEqualTo("Http");
		assertThat(entry.isError()).isFalse();
		assertThat(entry.tags()).containsEntry("url", "/orders/1")
			.containsEntry("http.method", "GET")
			.containsEntry("http.status_code", "200");
		assertThat(described(spans)).containsExactlyInAnyOrder(FRONT + " -1 Entry Http SpringMVC GET:/orders/{id} @",
				FRONT + " 0 Exit Database h2-jdbc-driver H2/JDBC/SELECT orders @localhost:-1",
				FRONT + " 0 Exit Database h2-jdbc-driver H2/JDBC/SELECT order_items @localhost:-1",
				FRONT + " 0 Exit Http JdkHttp /catalog/products/{id} @" + backAddress,
				FRONT + " 0 Exit Http SpringRestTemplate /stock/{productId} @" + backAddress,
				FRONT + " 0 Exit Http spring-webflux-webclient /shipping/quotes/{orderId} @" + backAddress,
				BACK + " -1 Entry Http SpringMVC GET:/catalog/products/{id} @",
				BACK + " 0 Exit Database h2-jdbc-driver H2/JDBC/SELECT products @localhost:-1",
				BACK + " -1 Entry Http SpringMVC GET:/stock/{productId} @",
				BACK + " 0 Exit Database h2-jdbc-driver H2/JDBC/SELECT stock @localhost:-1",
				BACK + " -1 Entry Http SpringMVC GET:/shipping/quotes/{orderId} @",
				BACK + " 0 Exit Database h2-jdbc-driver H2/JDBC/SELECT orders @localhost:-1");

		List<OapSpan> exits = spans.stream()
			.filter((span) -> span.type().equals("Exit") && span.layer().equals("Http"))
			.toList();
		assertThat(exits).extracting(OapSpan::name)
			.containsExactlyInAnyOrder("/catalog/products/{id}", "/stock/{productId}", "/shipping/quotes/{orderId}");
		assertThat(exits).allSatisfy((exit) -> {
			assertThat(exit.service()).isEqualTo(FRONT);
			assertThat(exit.segmentId()).isEqualTo(entry.segmentId());
			assertThat(exit.parentId()).isEqualTo(entry.id());
			assertThat(exit.peer()).isEqualTo(backAddress);
			assertThat(exit.isError()).isFalse();
			assertThat(exit.tags()).containsEntry("http.method", "GET").containsEntry("http.status_code", "200");
			assertThat(exit.tags().get("url")).startsWith("http://" + backAddress + "/");
			OapSpan called = one(spans, (span) -> span.refersTo(exit, "CROSS_PROCESS"));
			assertThat(called.service()).isEqualTo(BACK);
			assertThat(called.type()).isEqualTo("Entry");
			assertThat(called.json().path("refs")).hasSize(1);
			assertThat(called.name()).isEqualTo("GET:" + exit.name());
			assertThat(called.id()).isZero();
		});
	}

	@Test
	void failedRequestIsAnError() {
		List<OapSpan> spans = trace("/orders/999999", 404, 1);
		OapSpan entry = one(spans, (span) -> span.type().equals("Entry"));
		assertThat(entry.isError()).isTrue();
		assertThat(entry.tags()).containsEntry("http.status_code", "404");
		assertThat(spans).filteredOn((span) -> span != entry).noneMatch(OapSpan::isError);
	}

	@Test
	void topologyShowsWhoCallsWhom() {
		String database = "localhost:-1";
		// The first calls may be drawn to the address, before the server knows who it is.
		String address = FRONT + " -> " + backAddress;
		eventually().untilAsserted(() -> {
			assertThat(oap.calls(FRONT)).filteredOn((call) -> !call.equals(address))
				.containsExactlyInAnyOrder("User -> " + FRONT, FRONT + " -> " + BACK, FRONT + " -> " + database);
			assertThat(oap.calls(BACK)).doesNotContain("User -> " + BACK)
				.contains(FRONT + " -> " + BACK, BACK + " -> " + database);
		});
	}

	@Test
	void endpointsHaveMetrics() {
		eventually().untilAsserted(() -> {
			assertThat(oap.endpoints(FRONT)).contains(ORDER);
			assertThat(oap.endpoints(BACK)).contains("GET:/catalog/products/{id}", "GET:/stock/{productId}");
			assertThat(oap.endpoints(FRONT)).noneMatch((endpoint) -> endpoint.matches(".*/\\d+(/.*)?"));
			assertThat(oap.metric("endpoint_cpm", "serviceName", FRONT, "endpointName", ORDER)).isNotEmpty();
			assertThat(oap.metric("endpoint_resp_time", "serviceName", FRONT, "endpointName", ORDER)).isNotEmpty();
			assertThat(oap.metric("service_relation_server_cpm", "serviceName", FRONT, "destServiceName", BACK,
					"destNormal", "true"))
				.isNotEmpty();
		});
	}

	@Test
	void scheduledMethodIsAnEndpoint() {
		String job = "SpringScheduled/dev.apm4j.sample.shop.stock.StockReplenishment.replenish";
		eventually().untilAsserted(() -> {
			assertThat(oap.endpoints(FRONT)).contains(job);
			assertThat(oap.metric("endpoint_cpm", "serviceName", FRONT, "endpointName", job)).isNotEmpty();
		});
		String traceId = segment(FRONT, job::equals).path("traceIds").path(0).asText();
		OapSpan root = one(oap.trace(traceId), (span) -> span.id() == 0);
		assertThat(root.type()).isEqualTo("Local");
		assertThat(root.component()).isEqualTo("SpringScheduled");
		assertThat(root.tags()).containsEntry("x-le", "{\"logic-span\":true}");
	}

	@Test
	void jvmIsMeasured() {
		for (String metric : List.of("instance_jvm_cpu", "instance_jvm_memory_heap", "instance_jvm_memory_noheap",
				"instance_jvm_thread_live_count", "instance_jvm_thread_runnable_state_thread_count",
				"instance_jvm_class_loaded_class_count", "instance_jvm_young_gc_count")) {
			eventually().untilAsserted(() -> assertThat(oap.metric(metric, "serviceName", FRONT, "serviceInstanceName",
					instance(FRONT).path("name").asText()))
				.as(metric)
				.isNotEmpty());
		}
	}

	@Test
	void chosenMetersAndPoolsAreThere() {
		for (String meter : List.of("meter_http_server_requests_count", "meter_thread_pool", "meter_datasource")) {
			eventually().untilAsserted(() -> assertThat(oap.metric(meter, "serviceName", FRONT, "serviceInstanceName",
					instance(FRONT).path("name").asText()))
				.as(meter)
				.isNotEmpty());
		}
	}

	@Test
	void logLineNamesItsTrace() {
		String runner = "SpringRunner/dev.apm4j.sample.shop.catalog.ProductImportRunner.run";
		JsonNode segment = eventually().until(() -> segment(FRONT, runner::equals), JsonNode::isObject);
		String traceId = segment.path("traceIds").path(0).asText();
		eventually().untilAsserted(() -> assertThat(oap.logs(FRONT, traceId)).singleElement().satisfies((line) -> {
			assertThat(line.path("content").asText()).matches("Imported \\d+ products from .*");
			assertThat(line.path("endpointName")).isEqualTo(segment.path("endpointNames").path(0));
			assertThat(keyValues(line.path("tags"), "key")).containsEntry("level", "INFO")
				.containsEntry("logger", "dev.apm4j.sample.shop.catalog.ProductImportRunner")
				.containsEntry("thread", "main");
		}));
	}

	@Test
	void startAndShutdownAreEvents(OapServer server) {
		String service = "shop-short";
		Application application = add(Reporting.sample(server.address(), service)).awaitStarted();
		eventually().untilAsserted(() -> assertThat(events(service)).containsExactly("Start"));
		application.terminate();
		application.awaitExit(Duration.ofSeconds(30));
		eventually().untilAsserted(() -> assertThat(events(service)).containsExactlyInAnyOrder("Start", "Shutdown"));
	}

	@Test
	void endpointIsProfiledWhenTheServerAsksForIt() {
		eventually().untilAsserted(() -> assertThat(oap.services("GENERAL")).contains(FRONT));
		String task = oap.profile(FRONT, "GET:/reports/sales", 10);
		eventually().untilAsserted(() -> {
			assertThat(caller.get("/reports/sales").statusCode()).isEqualTo(200);
			assertThat(oap.profiledFrames(task))
				.anyMatch((frame) -> frame.startsWith("dev.apm4j.sample.shop.report.SalesReportController.sales:"))
				.anyMatch((frame) -> frame.startsWith("dev.apm4j.sample.shop.report.SalesTax."));
		});
		eventually().untilAsserted(() -> {
			assertThat(caller.get("/reports/sales").statusCode()).isEqualTo(200);
			assertThat(oap.profileLog(task)).contains("NOTIFIED", "EXECUTION_FINISHED");
		});
	}

	/** The thread of the container waits for other requests meanwhile. */
	@Test
	void workOfARequestOnAnotherThreadIsProfiled(OapServer server) {
		String service = "orders-profiled";
		Application application = add(Deployment.of(BootLine.BOOT_4_1)
			.launch("skywalking profiled", Reporting.arguments(server.address(), service))).awaitStarted();
		Caller client = new Caller(application);
		assertThat(client.get("/async/slow").statusCode()).isEqualTo(200);
		eventually().untilAsserted(() -> assertThat(oap.services("GENERAL")).contains(service));
		String task = oap.profile(service, "GET:/async/slow", 10);
		eventually().untilAsserted(() -> {
			assertThat(client.get("/async/slow").statusCode()).isEqualTo(200);
			assertThat(oap.profiledFrames(task))
				.anyMatch((frame) -> frame.startsWith("com.example.orders.WebController.slow:"))
				.noneMatch((frame) -> frame.startsWith("org.apache.tomcat.util.threads.TaskQueue.take:"));
		});
		application.close();
	}

	@Test
	void samplingChangesWhileTheApplicationRuns(OapServer server) {
		String service = "shop-sampled";
		Application application = add(Reporting.sample(server.address(), service)).awaitStarted();
		Caller client = new Caller(application);
		server.configuration().set(service, Map.of("agent.sample_n_per_3_secs", "1"));
		eventually().untilAsserted(() -> assertThat(maxPerThreeSeconds(client)).isEqualTo(1));
		assertThat(client.json("/actuator/apm").path("backends").path(0).path("notice").asText())
			.contains("agent.sample_n_per_3_secs=1");
		long begin = System.nanoTime();
		for (int i = 0; i < 30; i++) {
			assertThat(client.get("/customers/1/orders").statusCode()).isEqualTo(200);
		}
		// One for each window of 3 s that these requests have touched.
		long windows = 2 + Duration.ofNanos(System.nanoTime() - begin).toSeconds() / 3;
		server.configuration().set(service, Map.of());
		eventually().untilAsserted(() -> assertThat(maxPerThreeSeconds(client)).isZero());
		assertThat(client.get("/orders/999999").statusCode()).isEqualTo(404);
		eventually().until(() -> segment(service, ORDER::equals), JsonNode::isObject);
		assertThat(oap.segments(service))
			.filteredOn(
					(segment) -> segment.path("endpointNames").path(0).asText().equals("GET:/customers/{id}/orders"))
			.hasSizeBetween(0, (int) windows);
		application.close();
	}

	private static int maxPerThreeSeconds(Caller client) {
		return client.json("/actuator/apm").path("sampling").path("maxPerThreeSeconds").asInt();
	}

	@ParameterizedTest
	@MethodSource("dev.apm4j.it.app.Deployment#lines")
	void everyLineOfSpringBootReports(Deployment deployment, OapServer server) {
		String service = "orders-" + deployment.line().number();
		Application application = add(deployment.launch("skywalking",
				Reporting.arguments(server.address(), service, "--apm.skywalking.logs.enabled=true")))
			.awaitStarted();
		String traceId = Traces.newTraceId();
		assertThat(new Caller(application).get("/log", "traceparent", Traces.traceparent(traceId)).statusCode())
			.isEqualTo(200);
		eventually().untilAsserted(() -> {
			assertThat(oap.trace(traceId)).extracting(OapSpan::name).containsExactly("GET:/log");
			assertThat(oap.logs(service, traceId)).extracting((line) -> line.path("content").asText())
				.containsExactly("A line for the log");
			assertThat(instance(service).path("language").asText()).isEqualTo("JAVA");
		});
		failureAndWorkAside(application);
		application.close();
		// The container tells of the request that is made to fail.
		assertThat(application.log().lines()).filteredOn((line) -> !line.contains("Servlet.service() for servlet"))
			.noneMatch((line) -> line.contains(" WARN ") || line.contains(" ERROR "));
	}

	/** A request that fails with an exception, and a job that a request starts. */
	private static void failureAndWorkAside(Application application) {
		String failing = Traces.newTraceId();
		new Caller(application).get("/fail", "traceparent", Traces.traceparent(failing));
		String batch = Traces.newTraceId();
		new Caller(application).get("/batch", "traceparent", Traces.traceparent(batch));
		eventually().untilAsserted(() -> {
			assertThat(oap.trace(failing)).singleElement().satisfies((span) -> {
				assertThat(span.name()).isEqualTo("GET:/fail");
				assertThat(span.isError()).isTrue();
				assertThat(span.tags()).containsEntry("http.status_code", "500");
				assertThat(span.logs()).singleElement().satisfies((log) -> {
					assertThat(log).containsOnlyKeys("event", "error.kind", "message", "stack")
						.containsEntry("event", "error")
						.containsEntry("error.kind", "java.lang.IllegalStateException")
						.containsEntry("message", "Out of stock");
					assertThat(log.get("stack")).contains("\tat com.example.orders.WebController.fail(");
				});
			});
			List<OapSpan> spans = oap.trace(batch);
			assertThat(spans).hasSize(2);
			OapSpan request = one(spans, (span) -> span.name().equals("GET:/batch"));
			OapSpan job = one(spans, (span) -> span.name().equals("PriceImport.importPrices"));
			assertThat(job.type()).isEqualTo("Local");
			assertThat(job.refersTo(request, "CROSS_THREAD")).isTrue();
		});
	}

	/**
	 * Spans as service, parent, type, layer, component, name and peer. A pool may have to
	 * connect anew meanwhile.
	 */
	private static List<String> described(List<OapSpan> spans) {
		return spans.stream()
			.filter((span) -> !span.name().startsWith("CONNECT"))
			.map((span) -> "%s %d %s %s %s %s @%s".formatted(span.service(), span.parentId(), span.type(), span.layer(),
					span.component(), span.name(), span.peer()))
			.toList();
	}

	private static List<String> events(String service) {
		return oap.events(service, instance(service).path("name").asText())
			.stream()
			.map((event) -> event.path("name").asText())
			.toList();
	}

	private static ConditionFactory eventually() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(300));
	}

	/** Makes a request and waits until as many requests are there as it must cause. */
	private static List<OapSpan> trace(String path, int status, long requests) {
		String traceId = Traces.newTraceId();
		assertThat(caller.get(path, "traceparent", Traces.traceparent(traceId)).statusCode()).isEqualTo(status);
		return eventually().until(() -> oap.trace(traceId),
				(found) -> found.stream().filter((span) -> span.type().equals("Entry")).count() >= requests);
	}

	private static OapSpan one(List<OapSpan> spans, Predicate<OapSpan> condition) {
		assertThat(spans).filteredOn(condition).hasSize(1);
		return spans.stream().filter(condition).findFirst().orElseThrow();
	}

	private static JsonNode instance(String service) {
		List<JsonNode> instances = oap.instances(service);
		assertThat(instances).as("instances of " + service).hasSize(1);
		return instances.get(0);
	}

	private static JsonNode segment(String service, Predicate<String> endpoint) {
		return oap.segments(service)
			.stream()
			.filter((segment) -> endpoint.test(segment.path("endpointNames").path(0).asText()))
			.findFirst()
			.orElse(MissingNode.getInstance());
	}

	private static Map<String, String> keyValues(JsonNode array, String key) {
		return StreamSupport.stream(array.spliterator(), false)
			.collect(Collectors.toMap((each) -> each.path(key).asText(), (each) -> each.path("value").asText(),
					(first, second) -> first + "," + second));
	}

}
