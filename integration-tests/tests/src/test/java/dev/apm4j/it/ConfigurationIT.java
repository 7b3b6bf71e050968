package dev.apm4j.it;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What properties switch off, and what wrong ones say.
 */
class ConfigurationIT {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@RegisterExtension
	final Applications applications = new Applications();

	@ParameterizedTest(name = "{0}: {1}={2}")
	@MethodSource
	void wrongValueFailsTheStart(BootLine line, String property, String value, String allowed) {
		Application application = this.applications.launch(Deployment.of(line), property,
				"--" + property + "=" + value);
		assertThat(application.awaitExit(PATIENCE)).isEqualTo(1);
		assertThat(application.log()).contains("APPLICATION FAILED TO START")
			.contains(property)
			.contains(allowed)
			.doesNotContain("Started OrdersApplication");
	}

	static Stream<Arguments> wrongValueFailsTheStart() {
		// How a failure is shown is Spring Boot's affair, so one case for each line; the
		// other properties have unit tests.
		return Stream.of(Arguments.of(BootLine.BOOT_3_5, "apm.backend", "nonsense", "one or more of: embedded, file"),
				Arguments.of(BootLine.BOOT_4_0, "apm.sampling.rate", "2", "a number from 0.0 to 1.0"),
				Arguments.of(BootLine.BOOT_4_1, "apm.propagation.consume", "xyz", "any of: w3c, "));
	}

	@ParameterizedTest
	@MethodSource("dev.apm4j.it.app.Deployment#lines")
	void agentCanBeSwitchedOff(Deployment deployment) {
		Application application = this.applications.start(deployment, "agent off", "--apm.enabled=false");
		Caller caller = new Caller(application);
		assertThat(caller.get("/orders/1").statusCode()).isEqualTo(200);
		assertThat(caller.get("/trace-id").body()).isEmpty();
		assertThat(caller.get("/apm/").statusCode()).isEqualTo(404);
		assertThat(caller.get("/apm/api/traces").statusCode()).isEqualTo(404);
		assertThat(caller.get("/actuator/apm").statusCode()).isEqualTo(404);
		assertThat(caller.json("/actuator/health").path("components").has("apm")).isFalse();
	}

	@Test
	void dashboardCanBeSwitchedOff() {
		Application application = this.applications.start(Deployment.of(BootLine.BOOT_4_1), "dashboard off",
				"--apm.dashboard.enabled=false");
		Caller caller = new Caller(application);
		assertThat(caller.get("/apm").statusCode()).isEqualTo(404);
		assertThat(caller.get("/apm/api/traces").statusCode()).isEqualTo(404);
		assertThat(caller.json("/actuator/apm").path("backends").path(0).path("name").textValue())
			.isEqualTo("embedded");
	}

	@Test
	void dashboardOfAReactiveApplicationCanBeSwitchedOff() {
		Deployment deployment = Deployment.of(BootLine.BOOT_4_1);
		Application application = this.applications
			.add(deployment.launch(deployment.line().reactiveJar(), "reactive dashboard off",
					"--apm.dashboard.enabled=false"))
			.awaitStarted();
		Caller caller = new Caller(application);
		assertThat(caller.get("/trace-id").body()).matches("[0-9a-f]{32}");
		assertThat(caller.get("/apm").statusCode()).isEqualTo(404);
		assertThat(caller.get("/apm/api/traces").statusCode()).isEqualTo(404);
	}

	@Test
	void instrumentationsCanBeSwitchedOff() {
		Application application = this.applications.start(Deployment.of(BootLine.BOOT_4_1), "instrumentations off",
				"--apm.instrumentation.servlet.enabled=false", "--apm.instrumentation.rest-client.enabled=false",
				"--apm.instrumentation.rest-template.enabled=false", "--apm.instrumentation.web-client.enabled=false",
				"--apm.instrumentation.observation.enabled=false");
		Caller caller = new Caller(application);
		assertThat(caller.get("/trace-id").body()).isEmpty();
		assertThat(caller.get("/orders/1").statusCode()).isEqualTo(200);
		assertThat(caller.json("/actuator/apm").path("instrumentations"))
			.filteredOn((each) -> each.path("name").textValue().equals("servlet"))
			.allSatisfy((each) -> {
				assertThat(each.path("enabled").booleanValue()).isFalse();
				assertThat(each.path("reason").textValue()).contains("apm.instrumentation.servlet.enabled");
			})
			.hasSize(1);
		assertThat(new Traces(caller).list("name=GET")).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "BOOT_3_5", "BOOT_4_1" })
	void requestHasItsSpansOnceWithObservationsSwitchedOff(BootLine line) {
		Application application = this.applications.start(Deployment.of(line), "observation off",
				"--apm.instrumentation.observation.enabled=false");
		Caller caller = new Caller(application);
		String order = Traces.newTraceId();
		assertThat(caller.get("/orders/1", "traceparent", Traces.traceparent(order)).statusCode()).isEqualTo(200);
		assertThat(new Traces(caller).complete(order, 9).spans()).hasSize(9);
		assertThat(caller.json("/actuator/metrics/http.server.requests").path("name").isTextual()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("dev.apm4j.it.app.Deployment#lines")
	void requestsStayApartWithoutObservations(Deployment deployment) {
		Application application = this.applications.start(deployment, "no observations",
				"--management.observations.enable.all=false");
		Caller caller = new Caller(application);
		String order = Traces.newTraceId();
		assertThat(caller.get("/orders/1", "traceparent", Traces.traceparent(order)).statusCode()).isEqualTo(200);
		assertThat(new Traces(caller).complete(order, 9).spans()).hasSize(9);
		// Each thread of the web server gets one of these, and then one of those.
		IntStream.range(0, 30).forEach((number) -> caller.get("/orders/" + number));
		assertThat(IntStream.range(0, 30).mapToObj((number) -> caller.get("/trace-id").body())).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@MethodSource("dev.apm4j.it.app.Deployment#lines")
	void treeIsWholeWithReactorsContextPropagation(Deployment deployment) {
		Application application = this.applications.start(deployment, "reactor propagation",
				"--spring.reactor.context-propagation=auto");
		Caller caller = new Caller(application);
		String order = Traces.newTraceId();
		assertThat(caller.get("/orders/1", "traceparent", Traces.traceparent(order)).statusCode()).isEqualTo(200);
		assertThat(new Traces(caller).complete(order, 9).spans()).hasSize(9);
	}

	@Test
	void pathsCanBeLeftOutUnderAContextPath() {
		Application application = this.applications.start(Deployment.of(BootLine.BOOT_4_1), "context path",
				"--server.servlet.context-path=/shop", "--apm.web.ignore-paths=/products/**",
				"--apm.service-name=till");
		Caller caller = new Caller(application);
		String ignored = Traces.newTraceId();
		String traced = Traces.newTraceId();
		caller.get("/shop/products/1", "traceparent", Traces.traceparent(ignored));
		caller.get("/shop/static.css", "traceparent", Traces.traceparent(ignored));
		caller.get("/shop/actuator/health", "traceparent", Traces.traceparent(ignored));
		caller.get("/shop/log", "traceparent", Traces.traceparent(traced));
		Traces traces = new Traces(caller, "/shop");
		RecordedSpan span = traces.complete(traced, 1).single();
		assertThat(span.name()).isEqualTo("GET /shop/log");
		assertThat(span.service()).isEqualTo("till");
		assertThat(traces.find(ignored)).isEmpty();
		assertThat(caller.get("/shop/apm/").statusCode()).isEqualTo(200);
	}

}
