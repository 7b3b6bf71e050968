package dev.apm4j.it;

import java.time.Duration;
import java.util.Optional;

import dev.apm4j.it.app.RecordedTrace;
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
		RecordedTrace trace = trace("/log", 200, 1);
		String traceId = trace.id();
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> line(traceId).isPresent());
		assertThat(line(traceId).orElseThrow()).contains("[" + traceId + "-" + trace.single().id() + "]")
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
