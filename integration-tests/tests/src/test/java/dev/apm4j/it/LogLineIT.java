package dev.apm4j.it;

import java.time.Duration;
import java.util.Optional;

import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.SharedApplications;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Log lines tell the trace and the span, in Spring Boot's own pattern.
 */
class LogLineIT extends DeploymentTests {

	LogLineIT(SharedApplications.Shared shared) {
		super(shared);
	}

	@Test
	void lineOfARequestHasItsIds() {
		RecordedSpan span = trace("/log", 200, 1).single();
		String traceId = this.traces.list("name=GET%20/log&limit=1").get(0).path("traceId").textValue();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> line(traceId).isPresent());
		assertThat(line(traceId).orElseThrow()).contains("[" + traceId + "-" + span.id() + "]")
			.contains("[orders]")
			.contains("A line for the log");
	}

	@Test
	void lineOfARunnerHasItsIds() {
		String traceId = this.traces.latest("warmUpCatalog").id();
		assertThat(line(traceId).orElseThrow()).contains("Catalog is warm");
	}

	private Optional<String> line(String traceId) {
		return this.application.log().lines().filter((line) -> line.contains(traceId)).findFirst();
	}

}
