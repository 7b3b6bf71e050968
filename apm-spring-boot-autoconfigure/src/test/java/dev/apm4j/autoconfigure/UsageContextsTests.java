package dev.apm4j.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.apm4j.autoconfigure.till.Till;
import dev.apm4j.autoconfigure.till.TillConfiguration;
import dev.apm4j.usage.UsageReport;
import dev.apm4j.usage.UsageTracking;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Several application contexts in one JVM, one that does not start among them.
 */
class UsageContextsTests {

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	@AfterEach
	void close() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void callsAreSeenByEveryContextAndNotEndedByOne() {
		ConfigurableApplicationContext first = run();
		ConfigurableApplicationContext second = run();
		awaitStates(first, Map.of("<init>", "called", "open", "called", "ring", "never", "deadRefund", "never"));
		awaitStates(second, Map.of("<init>", "called", "open", "called", "ring", "never", "deadRefund", "never"));

		first.close();
		second.getBean(Till.class).ring();
		awaitStates(second, Map.of("<init>", "called", "open", "called", "ring", "called", "deadRefund", "never"));
	}

	@Test
	void contextThatDoesNotStartLeavesNothingBehind() {
		assertThatThrownBy(() -> run("--broken=true")).hasStackTraceContaining("The till is broken");
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.doesNotContain("apm-usage"));
		ConfigurableApplicationContext next = run();
		Awaitility.await().untilAsserted(() -> assertThat(states(next)).containsEntry("open", "called"));
	}

	private ConfigurableApplicationContext run(String... arguments) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(TillConfiguration.class)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.properties("apm.scavenger.enabled=true", "apm.scavenger.interval=1s",
					"apm.scavenger.code-base=" + Path.of("target", "test-classes"))
			.run(arguments);
		this.contexts.add(context);
		return context;
	}

	private static void awaitStates(ConfigurableApplicationContext context, Map<String, String> expected) {
		Awaitility.await().untilAsserted(() -> assertThat(states(context)).isEqualTo(expected));
	}

	private static Map<String, String> states(ConfigurableApplicationContext context) {
		Map<String, String> states = new TreeMap<>();
		UsageReport report = context.getBean(UsageTracking.class).report();
		report.packages()
			.stream()
			.flatMap((each) -> each.classes().stream())
			.filter((type) -> type.name().equals(Till.class.getName()))
			.flatMap((type) -> type.methods().stream())
			.forEach((method) -> states.put(method.name(),
					method.isCalled() ? "called" : method.isNeverCalled() ? "never" : "unknown"));
		return states;
	}

}
