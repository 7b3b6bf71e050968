package dev.apm4j.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.Traces;
import dev.apm4j.it.kafka.KafkaBroker;
import dev.apm4j.it.oap.OapQueries;
import dev.apm4j.it.oap.OapServer;
import dev.apm4j.it.oap.OapSpan;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a real SkyWalking server shows of applications that don't speak gRPC with it.
 */
class SkyWalkingTransportsIT {

	private static final KafkaBroker broker = new KafkaBroker("skywalking");

	private static final OapServer server = new OapServer("transports").withKafka(broker.address());

	private static OapQueries oap;

	@RegisterExtension
	final Applications applications = new Applications();

	@BeforeAll
	static void start() {
		broker.start();
		server.start();
		oap = server.queries();
	}

	@AfterAll
	static void end() {
		server.close();
		broker.close();
	}

	@ParameterizedTest
	@EnumSource
	void traceLogAndInstanceAreThere(Transport transport) {
		String service = "by-" + transport;
		Application application = start(service, transport);
		Caller caller = new Caller(application);
		String orderTrace = request(caller, "/orders/1");
		String logTrace = request(caller, "/log");
		eventually().untilAsserted(() -> order(orderTrace, service));
		eventually().untilAsserted(() -> assertThat(oap.logs(service, logTrace)).singleElement().satisfies((line) -> {
			assertThat(line.path("content").asText()).isEqualTo("A line for the log");
			assertThat(line.path("endpointName").asText()).isEqualTo("GET:/log");
			assertThat(line.path("serviceInstanceName").asText()).isEqualTo(service + "-1");
		}));
		eventually().untilAsserted(() -> {
			assertThat(oap.services("GENERAL")).contains(service);
			assertThat(oap.instances(service)).singleElement().satisfies((instance) -> {
				assertThat(instance.path("name").asText()).isEqualTo(service + "-1");
				assertThat(instance.path("language").asText()).isEqualTo("JAVA");
				assertThat(attributes(instance)).containsEntry("Process No.", Long.toString(application.pid()))
					.containsEntry("team", "orders");
			});
		});
		JsonNode backend = caller.json("/actuator/apm").path("backends").path(0);
		assertThat(backend.path("state").asText()).isEqualTo("up");
		assertThat(backend.path("dropped")).allSatisfy((count) -> assertThat(count.longValue()).isZero());
	}

	/** An order, which calls for four products by HTTP. */
	private static void order(String traceId, String service) {
		List<OapSpan> spans = oap.trace(traceId);
		assertThat(spans).allSatisfy((span) -> {
			assertThat(span.service()).isEqualTo(service);
			assertThat(span.instance()).isEqualTo(service + "-1");
			assertThat(span.layer()).isEqualTo("Http");
			assertThat(span.isError()).isFalse();
			assertThat(span.tags()).containsEntry("http.method", "GET").containsEntry("http.status_code", "200");
		});
		OapSpan order = spans.stream()
			.filter((span) -> span.name().equals("GET:/orders/{id}"))
			.findFirst()
			.orElseThrow(() -> new AssertionError("The order is not there yet"));
		List<OapSpan> calls = spans.stream().filter((span) -> span.type().equals("Exit")).toList();
		List<OapSpan> products = spans.stream().filter((span) -> span.name().equals("GET:/products/{id}")).toList();
		assertThat(calls).hasSize(4).allSatisfy((call) -> {
			assertThat(call.segmentId()).isEqualTo(order.segmentId());
			assertThat(call.parentId()).isEqualTo(order.id());
			assertThat(products).filteredOn((product) -> product.refersTo(call, "CROSS_PROCESS")).hasSize(1);
		});
		assertThat(spans).hasSize(9);
	}

	@Test
	void kafkaCarriesWhatTheJvmDoes() {
		String service = "kafka-jvm";
		start(service, Transport.KAFKA);
		for (String metric : List.of("instance_jvm_memory_heap", "instance_jvm_thread_live_count",
				"meter_http_server_requests_count")) {
			eventually().untilAsserted(
					() -> assertThat(oap.metric(metric, "serviceName", service, "serviceInstanceName", service + "-1"))
						.as(metric)
						.isNotEmpty());
		}
	}

	@Test
	void httpCarriesEvents() {
		String service = "http-events";
		Application application = start(service, Transport.HTTP);
		eventually().untilAsserted(() -> assertThat(events(service)).containsExactly("Start"));
		application.terminate();
		application.awaitExit(Duration.ofSeconds(30));
		eventually().untilAsserted(() -> assertThat(events(service)).containsExactlyInAnyOrder("Start", "Shutdown"));
	}

	private static List<String> events(String service) {
		return oap.events(service, service + "-1").stream().map((event) -> event.path("name").asText()).toList();
	}

	private Application start(String service, Transport transport) {
		List<String> arguments = new ArrayList<>(List.of("--spring.application.name=" + service,
				"--apm.instance=" + service + "-1", "--apm.backend=skywalking",
				"--apm.skywalking.transport=" + transport, "--apm.skywalking.instance-properties.team=orders",
				"--apm.skywalking.logs.enabled=true", "--apm.skywalking.meters.include=http.server.requests",
				"--apm.skywalking.meters.interval=1s", "--apm.export.poll-interval=20ms", "--apm.export.linger=20ms"));
		arguments.add(transport.address());
		Application application = this.applications.start(Deployment.of(BootLine.BOOT_4_1), service,
				arguments.toArray(String[]::new));
		request(new Caller(application), "/products/1");
		return application;
	}

	private static String request(Caller caller, String path) {
		String traceId = Traces.newTraceId();
		assertThat(caller.get(path, "traceparent", Traces.traceparent(traceId)).statusCode()).isEqualTo(200);
		return traceId;
	}

	private static ConditionFactory eventually() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(300));
	}

	private static Map<String, String> attributes(JsonNode instance) {
		return StreamSupport.stream(instance.path("attributes").spliterator(), false)
			.collect(Collectors.toMap((each) -> each.path("name").asText(), (each) -> each.path("value").asText(),
					(first, second) -> first + "," + second));
	}

	enum Transport {

		HTTP {

			@Override
			String address() {
				return "--apm.skywalking.address=" + server.httpAddress();
			}

		},

		KAFKA {

			@Override
			String address() {
				return "--apm.skywalking.kafka.bootstrap-servers=" + broker.address();
			}

		};

		abstract String address();

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
