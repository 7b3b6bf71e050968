package dev.apm4j.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.Traces;
import dev.apm4j.it.kafka.KafkaAccess;
import dev.apm4j.it.kafka.KafkaBroker;
import dev.apm4j.it.kafka.SkyWalkingTopics;
import dev.apm4j.skywalking.proto.SegmentObject;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real Kafka broker that speaks TLS and wants to know who writes to it.
 */
class SkyWalkingKafkaAccessIT {

	private static final String PASSWORD = "kafka-s3cret";

	@TempDir
	static Path folder;

	private static KafkaAccess access;

	private static KafkaBroker broker;

	@RegisterExtension
	final Applications applications = new Applications();

	@BeforeAll
	static void start() {
		access = KafkaAccess.user(folder, PASSWORD);
		broker = new KafkaBroker("secured", access).start();
	}

	@AfterAll
	static void end() {
		broker.close();
	}

	@Test
	void whoKnowsThePasswordIsLetIn() {
		Application application = start("kafka-secured", Map.of());
		Caller caller = new Caller(application);
		String traceId = Traces.newTraceId();
		assertThat(caller.get("/products/1", "traceparent", Traces.traceparent(traceId)).statusCode()).isEqualTo(200);
		try (SkyWalkingTopics topics = new SkyWalkingTopics(broker, "")) {
			eventually().untilAsserted(() -> assertThat(topics.messages("segments", ".+", SegmentObject.parser()))
				.anyMatch((segment) -> segment.message().getTraceId().equals(traceId)));
		}
		assertThat(backend(caller).path("state").asText()).isEqualTo("up");
		assertThat(application.log()).doesNotContain(PASSWORD);
	}

	@Test
	void wrongPasswordIsSaidAndHarmsNobody() {
		Application application = start("kafka-wrong-password", Map.of("sasl.jaas.config",
				access.clientSettings().get("sasl.jaas.config").replace(PASSWORD, "wrong-one")));
		Caller caller = new Caller(application);
		assertThat(caller.get("/products/1").statusCode()).isEqualTo(200);
		eventually().untilAsserted(() -> {
			JsonNode backend = backend(caller);
			assertThat(backend.path("state").asText()).isEqualTo("down");
			assertThat(backend.path("lastError").asText())
				.contains("Kafka refuses this client (SaslAuthenticationException)")
				.contains("apm.skywalking.kafka.properties");
			assertThat(backend.path("notice").asText()).contains("keep-alive").contains("SaslAuthenticationException");
			assertThat(backend.path("dropped").path("rejected").asInt()).isPositive();
		});
		assertQuiet(application, caller, 40);
		assertThat(application.log()).doesNotContain("wrong-one");
	}

	@Test
	void certificateThatIsNotTrustedIsSaidAndHarmsNobody() {
		Map<String, String> untrusting = new HashMap<>();
		untrusting.put("ssl.truststore.type", "");
		untrusting.put("ssl.truststore.location", "");
		Application application = start("kafka-untrusted", untrusting);
		Caller caller = new Caller(application);
		assertThat(caller.get("/products/1").statusCode()).isEqualTo(200);
		eventually().untilAsserted(() -> {
			JsonNode backend = backend(caller);
			assertThat(backend.path("state").asText()).isEqualTo("down");
			assertThat(backend.path("lastError").asText()).contains("certificate")
				.contains("apm.skywalking.kafka.properties");
		});
		assertQuiet(application, caller, 40);
	}

	@Test
	void settingsThatMakeNoClientAreSaidAndHarmNobody() {
		Application application = start("kafka-no-client", Map.of("sasl.jaas.config", "nonsense"));
		Caller caller = new Caller(application);
		assertThat(caller.get("/products/1").statusCode()).isEqualTo(200);
		eventually().untilAsserted(() -> {
			JsonNode backend = backend(caller);
			assertThat(backend.path("state").asText()).isEqualTo("down");
			assertThat(backend.path("lastError").asText()).contains("apm.skywalking.kafka.properties");
		});
		// Kafka's client writes all its settings for each attempt.
		assertQuiet(application, caller, 250);
	}

	/** Another while of this does not fill the log, and requests go on. */
	private static void assertQuiet(Application application, Caller caller, int maxLines) {
		int before = application.log().split("\n").length;
		long begin = System.nanoTime();
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> {
			assertThat(caller.get("/products/1").statusCode()).isEqualTo(200);
			return Duration.ofNanos(System.nanoTime() - begin).toSeconds() >= 20;
		});
		List<String> lines = List.of(application.log().split("\n"));
		assertThat(lines.subList(before, lines.size())).hasSizeLessThan(maxLines);
	}

	private Application start(String service, Map<String, String> different) {
		List<String> arguments = new ArrayList<>(List.of("--spring.application.name=" + service,
				"--apm.backend=skywalking", "--apm.skywalking.transport=kafka",
				"--apm.skywalking.kafka.bootstrap-servers=" + broker.address(), "--apm.export.poll-interval=20ms",
				"--apm.export.linger=20ms", "--apm.skywalking.deadline=3s"));
		Map<String, String> properties = new HashMap<>(access.clientSettings());
		properties.putAll(different);
		properties.forEach((key, value) -> {
			if (!value.isEmpty()) {
				arguments.add("--apm.skywalking.kafka.properties." + key + "=" + value);
			}
		});
		return this.applications.start(Deployment.of(BootLine.BOOT_4_1), service, arguments.toArray(String[]::new));
	}

	private static ConditionFactory eventually() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
	}

	private static JsonNode backend(Caller caller) {
		return caller.json("/actuator/apm").path("backends").path(0);
	}

}
