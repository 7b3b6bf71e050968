package dev.apm4j.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import dev.apm4j.it.kafka.SkyWalkingTopics;
import dev.apm4j.it.kafka.SkyWalkingTopics.Entry;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.MeterDataCollection;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SegmentReference;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.skywalking.proto.SpanType;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a real Kafka broker gets for a SkyWalking server.
 */
class SkyWalkingKafkaIT {

	private static final String ANY = ".+";

	private static final KafkaBroker broker = new KafkaBroker("shared");

	@RegisterExtension
	final Applications applications = new Applications();

	@BeforeAll
	static void start() {
		broker.start();
	}

	@AfterAll
	static void end() {
		broker.close();
	}

	@Test
	void everythingArrivesInTheTopicsOfSkyWalkingsAgent() {
		Application application = start(broker.address(), "kafka", "--apm.skywalking.keep-alive=1s",
				"--apm.skywalking.logs.enabled=true", "--apm.skywalking.meters.include=http.server.requests",
				"--apm.skywalking.meters.interval=1s", "--apm.skywalking.instance-properties.team=orders");
		Caller caller = new Caller(application);
		String orderTrace = Traces.newTraceId();
		assertThat(caller.get("/orders/1", "traceparent", Traces.traceparent(orderTrace)).statusCode()).isEqualTo(200);
		String logTrace = Traces.newTraceId();
		assertThat(caller.get("/log", "traceparent", Traces.traceparent(logTrace)).statusCode()).isEqualTo(200);
		try (SkyWalkingTopics topics = new SkyWalkingTopics(broker, "")) {
			eventually().untilAsserted(() -> segments(topics, orderTrace, application));
			eventually().untilAsserted(() -> management(topics, application));
			eventually().untilAsserted(() -> jvm(topics));
			eventually().untilAsserted(() -> meters(topics));
			eventually().untilAsserted(() -> logs(topics, logTrace));
			assertThat(topics.names()).containsExactly("skywalking-logs", "skywalking-managements", "skywalking-meters",
					"skywalking-metrics", "skywalking-segments");
		}
		JsonNode backend = backend(caller);
		assertThat(backend.path("state").asText()).isEqualTo("up");
		assertThat(dropped(backend)).isZero();
		application.terminate();
		application.awaitExit(Duration.ofSeconds(30));
		// The client says so when a topic is not there yet.
		assertThat(application.log().lines()).noneMatch((line) -> line.contains(" ERROR ")
				|| (line.contains(" WARN ") && !line.contains("org.apache.kafka.clients.NetworkClient")));
	}

	/** An order, which calls for four products by HTTP. */
	private static void segments(SkyWalkingTopics topics, String traceId, Application application) {
		List<Entry<SegmentObject>> segments = topics.messages("segments", ANY, SegmentObject.parser())
			.stream()
			.filter((segment) -> segment.message().getTraceId().equals(traceId))
			.toList();
		assertThat(segments).hasSize(5).allSatisfy((segment) -> {
			assertThat(segment.key()).isEqualTo(segment.message().getTraceSegmentId());
			assertThat(segment.message().getService()).isEqualTo("kafka");
			assertThat(segment.message().getServiceInstance()).isEqualTo("kafka-1");
			assertThat(segment.message().getIsSizeLimited()).isFalse();
			SpanObject root = segment.message().getSpans(0);
			assertThat(root.getSpanId()).isZero();
			assertThat(root.getParentSpanId()).isEqualTo(-1);
			assertThat(root.getSpanType()).isEqualTo(SpanType.Entry);
			assertThat(root.getComponentId()).isEqualTo(14);
			assertThat(root.getIsError()).isFalse();
			assertThat(values(root.getTagsList())).containsEntry("http.method", "GET")
				.containsEntry("http.status_code", "200");
		});
		assertThat(segments).extracting(Entry::key).doesNotHaveDuplicates();
		SegmentObject order = named(segments, "GET:/orders/{id}").get(0);
		List<SpanObject> calls = order.getSpansList().subList(1, order.getSpansCount());
		assertThat(calls).hasSize(4).allSatisfy((call) -> {
			assertThat(call.getSpanType()).isEqualTo(SpanType.Exit);
			assertThat(call.getParentSpanId()).isZero();
			assertThat(call.getOperationName()).startsWith("/products/");
			assertThat(call.getPeer()).endsWith(":" + application.port());
		});
		List<SegmentReference> references = named(segments, "GET:/products/{id}").stream()
			.map((product) -> product.getSpans(0).getRefs(0))
			.toList();
		assertThat(references).allSatisfy((reference) -> {
			assertThat(reference.getParentTraceSegmentId()).isEqualTo(order.getTraceSegmentId());
			assertThat(reference.getParentService()).isEqualTo("kafka");
			assertThat(reference.getParentServiceInstance()).isEqualTo("kafka-1");
			assertThat(reference.getParentEndpoint()).isEqualTo("GET:/orders/{id}");
		})
			.extracting(SegmentReference::getParentSpanId)
			.containsExactlyInAnyOrderElementsOf(calls.stream().map(SpanObject::getSpanId).toList());
	}

	private static List<SegmentObject> named(List<Entry<SegmentObject>> segments, String operation) {
		return segments.stream()
			.map(Entry::message)
			.filter((segment) -> segment.getSpans(0).getOperationName().equals(operation))
			.toList();
	}

	private static void management(SkyWalkingTopics topics, Application application) {
		List<Entry<InstanceProperties>> registrations = topics.messages("managements", "register-.*",
				InstanceProperties.parser());
		assertThat(registrations).isNotEmpty().allSatisfy((registration) -> {
			assertThat(registration.key()).isEqualTo("register-kafka-1");
			assertThat(registration.message().getService()).isEqualTo("kafka");
			assertThat(registration.message().getServiceInstance()).isEqualTo("kafka-1");
			assertThat(registration.message().getLayer()).isEqualTo("GENERAL");
			assertThat(values(registration.message().getPropertiesList())).containsEntry("language", "java")
				.containsEntry("Process No.", Long.toString(application.pid()))
				.containsEntry("team", "orders");
		});
		List<Entry<InstancePingPkg>> pings = topics.messages("managements", "(?!register-).*",
				InstancePingPkg.parser());
		assertThat(pings).hasSizeGreaterThan(1).allSatisfy((ping) -> {
			assertThat(ping.key()).isEqualTo("kafka-1");
			assertThat(ping.message().getService()).isEqualTo("kafka");
			assertThat(ping.message().getServiceInstance()).isEqualTo("kafka-1");
			assertThat(ping.message().getLayer()).isEqualTo("GENERAL");
		});
	}

	private static void jvm(SkyWalkingTopics topics) {
		assertThat(topics.messages("metrics", ANY, JVMMetricCollection.parser())).isNotEmpty()
			.allSatisfy((collection) -> {
				assertThat(collection.key()).isEqualTo("kafka-1");
				assertThat(collection.message().getService()).isEqualTo("kafka");
				assertThat(collection.message().getServiceInstance()).isEqualTo("kafka-1");
				assertThat(collection.message().getMetricsList()).isNotEmpty().allSatisfy((metric) -> {
					assertThat(metric.getTime()).isPositive();
					assertThat(metric.getThread().getLiveCount()).isPositive();
					assertThat(metric.getClazz().getLoadedClassCount()).isPositive();
					assertThat(metric.getMemoryList()).anySatisfy((memory) -> {
						assertThat(memory.getIsHeap()).isTrue();
						assertThat(memory.getMax()).isBetween(1L, 160L << 20);
						assertThat(memory.getUsed()).isBetween(1L, memory.getMax());
					});
				});
			});
	}

	private static void meters(SkyWalkingTopics topics) {
		assertThat(topics.messages("meters", ANY, MeterDataCollection.parser())).isNotEmpty().allSatisfy((report) -> {
			assertThat(report.key()).isEqualTo("kafka-1");
			assertThat(report.message().getMeterData(0).getService()).isEqualTo("kafka");
			assertThat(report.message().getMeterData(0).getServiceInstance()).isEqualTo("kafka-1");
			assertThat(report.message().getMeterData(0).getTimestamp()).isPositive();
		}).anySatisfy((report) -> assertThat(report.message().getMeterDataList()).anySatisfy((meter) -> {
			assertThat(meter.getSingleValue().getName()).isEqualTo("http_server_requests_count");
			assertThat(meter.getSingleValue().getValue()).isPositive();
			assertThat(meter.getSingleValue().getLabelsList())
				.anySatisfy((label) -> assertThat(label.getValue()).isEqualTo("/orders/{id}"));
		}));
	}

	private static void logs(SkyWalkingTopics topics, String traceId) {
		List<Entry<LogData>> lines = topics.messages("logs", ANY, LogData.parser());
		assertThat(lines).allSatisfy((line) -> {
			assertThat(line.key()).isEqualTo("kafka");
			assertThat(line.message().getService()).isEqualTo("kafka");
			assertThat(line.message().getServiceInstance()).isEqualTo("kafka-1");
			assertThat(values(line.message().getTags().getDataList()).get("logger"))
				.doesNotStartWith("org.apache.kafka");
		});
		SegmentObject segment = topics.messages("segments", ANY, SegmentObject.parser())
			.stream()
			.map(Entry::message)
			.filter((each) -> each.getTraceId().equals(traceId))
			.findFirst()
			.orElseThrow(() -> new AssertionError("There is no segment yet"));
		assertThat(lines).extracting(Entry::message)
			.filteredOn((line) -> line.getTraceContext().getTraceId().equals(traceId))
			.singleElement()
			.satisfies((line) -> {
				assertThat(line.getBody().getText().getText()).isEqualTo("A line for the log");
				assertThat(line.getEndpoint()).isEqualTo("GET:/log");
				assertThat(line.getTraceContext().getTraceSegmentId()).isEqualTo(segment.getTraceSegmentId());
				assertThat(line.getTraceContext().getSpanId()).isZero();
			});
	}

	@Test
	void applicationNeverNoticesAnOutage() {
		String namespace = "outage-";
		Application application = start(broker.address(), "kafka-outage", "--apm.skywalking.kafka.namespace=outage",
				"--apm.skywalking.deadline=1s", "--apm.skywalking.keep-alive=5s", "--apm.export.queue-size=32",
				"--apm.export.batch-size=16", "--apm.export.retry-max-age=5s");
		Caller caller = new Caller(application);
		List<Integer> failures = new ArrayList<>();
		try (SkyWalkingTopics topics = new SkyWalkingTopics(broker, namespace)) {
			eventually().until(() -> arrives(request(caller, failures), topics));
		}
		broker.stop();
		try {
			eventually().untilAsserted(() -> {
				for (int i = 0; i < 50; i++) {
					request(caller, failures);
				}
				JsonNode backend = backend(caller);
				assertThat(backend.path("state").asText()).isEqualTo("down");
				assertThat(dropped(backend)).isPositive();
				assertThat(backend.path("lastError").asText()).contains(broker.address());
				assertThat(backend.path("notice").asText()).contains("keep-alive").contains(broker.address());
			});
		}
		finally {
			broker.start();
		}
		try (SkyWalkingTopics topics = new SkyWalkingTopics(broker, namespace)) {
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> arrives(request(caller, failures), topics));
			eventually().untilAsserted(() -> assertThat(backend(caller).path("state").asText()).isEqualTo("up"));
		}
		assertThat(failures).isEmpty();
		// Neither the client nor apm4j fills the log meanwhile.
		assertThat(application.log()
			.lines()
			.filter((line) -> line.contains("rebootstrap") || line.contains("Rebootstrap"))
			.filter((line) -> !line.contains(" = "))).isEmpty();
	}

	/** Looks for a trace for as long as it may take to be read. */
	private static boolean arrives(String traceId, SkyWalkingTopics topics) {
		long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
		while (System.nanoTime() < end) {
			if (topics.messages("segments", ANY, SegmentObject.parser())
				.stream()
				.anyMatch((segment) -> segment.message().getTraceId().equals(traceId))) {
				return true;
			}
		}
		return false;
	}

	/** The id of the trace of a request, whose status is kept if it is wrong. */
	private static String request(Caller caller, List<Integer> failures) {
		String traceId = Traces.newTraceId();
		int status = caller.get("/products/1", "traceparent", Traces.traceparent(traceId)).statusCode();
		if (status != 200) {
			failures.add(status);
		}
		return traceId;
	}

	@Test
	void applicationStartsAndEndsWithoutABroker() {
		Application application = start("127.0.0.1:1", "kafka-nowhere", "--apm.skywalking.deadline=1s");
		Caller caller = new Caller(application);
		assertThat(caller.get("/products/1").statusCode()).isEqualTo(200);
		eventually().untilAsserted(() -> {
			JsonNode backend = backend(caller);
			assertThat(backend.path("state").asText()).isEqualTo("down");
			assertThat(backend.path("lastError").asText()).contains("127.0.0.1:1");
		});
		application.terminate();
		assertThat(application.awaitExit(Duration.ofSeconds(30))).isEqualTo(143);
	}

	private Application start(String bootstrapServers, String service, String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.application.name=" + service,
				"--apm.instance=" + service + "-1", "--apm.backend=skywalking", "--apm.skywalking.transport=kafka",
				"--apm.skywalking.kafka.bootstrap-servers=" + bootstrapServers, "--apm.export.poll-interval=20ms",
				"--apm.export.linger=20ms"));
		arguments.addAll(List.of(more));
		return this.applications.start(Deployment.of(BootLine.BOOT_4_1), service, arguments.toArray(String[]::new));
	}

	private static ConditionFactory eventually() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
	}

	private static JsonNode backend(Caller caller) {
		JsonNode backend = caller.json("/actuator/apm").path("backends").path(0);
		assertThat(backend.path("name").asText()).isEqualTo("skywalking");
		return backend;
	}

	private static long dropped(JsonNode backend) {
		return StreamSupport.stream(backend.path("dropped").spliterator(), false).mapToLong(JsonNode::longValue).sum();
	}

	private static Map<String, String> values(List<KeyStringValuePair> pairs) {
		return pairs.stream()
			.collect(Collectors.toMap(KeyStringValuePair::getKey, KeyStringValuePair::getValue,
					(first, second) -> first + "," + second));
	}

}
