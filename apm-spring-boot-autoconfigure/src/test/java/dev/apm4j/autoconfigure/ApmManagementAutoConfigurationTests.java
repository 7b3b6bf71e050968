package dev.apm4j.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apm4j.autoconfigure.ApmEndpoint.InstrumentationDescriptor;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.SegmentExporter;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.web.reactive.DispatcherHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the actuator shows of the agent.
 */
class ApmManagementAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ApmTracingAutoConfiguration.class, EmbeddedBackendAutoConfiguration.class,
						ApmManagementAutoConfiguration.class, ObservationInstrumentationAutoConfiguration.class,
						LoggingInstrumentationAutoConfiguration.class, RestClientInstrumentationAutoConfiguration.class,
						dev.apm4j.autoconfigure.boot3.ApmHealthBoot3AutoConfiguration.class))
		.withPropertyValues("spring.application.name=shop", "management.endpoints.web.exposure.include=*",
				"apm.instance=shop-1");

	private static ApmEndpoint endpoint(ApplicationContext context) {
		return context.getBean(ApmEndpoint.class);
	}

	@Test
	void endpointIsOnlyThereWhereItIsExposed() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
					EmbeddedBackendAutoConfiguration.class, ApmManagementAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ApmEndpoint.class));
	}

	@Test
	void rateAndPauseChangeWhileTheApplicationRuns() {
		this.runner.run((context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			assertThat(endpoint(context).change(null, 0.25).sampling().rate()).isEqualTo(0.25);
			assertThat(tracer.samplingPolicy().rate()).isEqualTo(0.25);
			assertThat(endpoint(context).change(true, null).paused()).isTrue();
			assertThat(tracer.isPaused()).isTrue();
			assertThat(endpoint(context).change(false, null).sampling().rate()).isEqualTo(0.25);
			assertThat(tracer.isPaused()).isFalse();
		});
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY })
	void rateOutOfRangeChangesNothing(double rate) {
		this.runner.run((context) -> {
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint(context).change(true, rate));
			assertThat(context.getBean(ApmTracer.class).samplingPolicy().rate()).isEqualTo(1.0);
			assertThat(context.getBean(ApmTracer.class).isPaused()).isFalse();
		});
	}

	@Test
	void nothingToChangeIsSaid() {
		this.runner.run((context) -> assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint(context).change(null, null))
			.withMessageContaining("Nothing to change"));
	}

	@Test
	void endpointAnswersOverHttp() throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(Application.class,
				"--spring.application.name=shop", "--server.port=0", "--server.address=127.0.0.1",
				"--management.endpoints.web.exposure.include=apm,health,info", "--apm.instance=shop-1",
				"--management.endpoint.health.show-details=always")) {
			int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
			JsonNode state = json(send(port, "/actuator/apm", null));
			assertThat(state.path("service").asText()).isEqualTo("shop");
			assertThat(state.path("instance").asText()).isEqualTo("shop-1");
			assertThat(state.path("uptime").asText()).startsWith("PT");
			assertThat(state.at("/sampling/rate").asDouble()).isEqualTo(1.0);
			assertThat(state.at("/sampling/keepSlow").asText()).isEqualTo("PT1S");
			assertThat(state.at("/propagation/consume/0").asText()).isEqualTo("w3c");
			assertThat(state.at("/pipeline/capacity").asInt()).isEqualTo(8192);
			assertThat(state.at("/backends/0/name").asText()).isEqualTo("embedded");
			assertThat(state.at("/instrumentations").findValuesAsText("name")).contains("servlet", "observation");
			assertThat(json(send(port, "/actuator/health", null)).at("/components/apm/status").asText())
				.isEqualTo("UP");
			assertThat(json(send(port, "/actuator/info", null)).at("/apm/service").asText()).isEqualTo("shop");

			JsonNode changed = json(send(port, "/actuator/apm", "{\"samplingRate\":0.5}"));
			assertThat(changed.at("/sampling/rate").asDouble()).isEqualTo(0.5);
			assertThat(json(send(port, "/actuator/apm", "{\"paused\":true}")).path("paused").asBoolean()).isTrue();
			for (String wrong : List.of("{\"samplingRate\":2}", "{\"samplingRate\":\"much\"}", "{\"paused\":\"maybe\"}",
					"{}", "{\"colour\":\"blue\"}", "nonsense")) {
				assertThat(send(port, "/actuator/apm", wrong).statusCode()).as(wrong).isEqualTo(400);
			}
			assertThat(json(send(port, "/actuator/apm", null)).at("/sampling/rate").asDouble()).isEqualTo(0.5);
		}
	}

	private static HttpResponse<String> send(int port, String path, String body) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
		if (body != null) {
			request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
		}
		return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static JsonNode json(HttpResponse<String> response) throws Exception {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return new ObjectMapper().readTree(response.body());
	}

	private static InstrumentationDescriptor instrumentation(ApplicationContext context, String name) {
		return context.getBean(InstrumentationReport.class)
			.states()
			.stream()
			.filter((state) -> state.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void reportSaysWhatIsOnAndWhyTheRestIsNot() {
		this.runner.withPropertyValues("apm.instrumentation.logging.enabled=false").run((context) -> {
			assertThat(instrumentation(context, "observation").enabled()).isTrue();
			InstrumentationDescriptor logging = instrumentation(context, "logging");
			assertThat(logging.enabled()).isFalse();
			assertThat(logging.reason()).contains("apm.instrumentation.logging.enabled is false");
			assertThat(instrumentation(context, "servlet").enabled()).isFalse();
		});
	}

	@Test
	void reportNamesTheClassThatIsMissing() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.web.client")).run((context) -> {
			InstrumentationDescriptor client = instrumentation(context, "rest-client");
			assertThat(client.enabled()).isFalse();
			assertThat(client.reason()).contains("org.springframework.web.client.RestClient");
		});
	}

	@Test
	void reportOfUnhookedBeansSaysWhatToDo() {
		this.runner.withBean("client", HttpClient.class, HttpClient::newHttpClient).run((context) -> {
			assertThat(endpoint(context).apm().unhooked()).singleElement().satisfies((finding) -> {
				assertThat(finding.what()).contains("'client'").contains("java.net.http.HttpClient");
				assertThat(finding.hint()).contains("RestClient");
			});
		});
	}

	@Test
	void whatIsTracedThroughItsObservationIsNotReportedAsUnhooked() {
		ApplicationContextRunner webFlux = this.runner.withBean(DispatcherHandler.class);
		webFlux.run((context) -> assertThat(endpoint(context).apm().unhooked()).isEmpty());
		webFlux.withPropertyValues("apm.instrumentation.observation.enabled=false")
			.run((context) -> assertThat(endpoint(context).apm().unhooked()).singleElement()
				.satisfies((finding) -> assertThat(finding.hint()).contains("'observation' is off")));
	}

	@Test
	void asynchronousMethodsThatLoseTheirSpanAreReportedUntilADecoratorCarriesIt() {
		ApplicationContextRunner async = this.runner.withUserConfiguration(Asynchronous.class);
		async.run((context) -> assertThat(endpoint(context).apm().unhooked()).singleElement()
			.satisfies((finding) -> assertThat(finding.hint()).contains("@Async")
				.contains("ContextPropagatingTaskDecorator")));
		async.withBean(ContextPropagatingTaskDecorator.class)
			.run((context) -> assertThat(endpoint(context).apm().unhooked()).isEmpty());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Asynchronous {

	}

	@Test
	void nothingUnhookedIsNothing() {
		this.runner.run((context) -> assertThat(endpoint(context).apm().unhooked()).isEmpty());
	}

	@Test
	void backendThatIsDownIsADetailOnly() {
		this.runner.withUserConfiguration(FailingBackend.class)
			.withPropertyValues("apm.backend=failing")
			.run((context) -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				awaitDown(context);
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(health(context).getDetails().get("failing")).asString().contains("down").contains("refused");
			});
	}

	@Test
	void backendThatIsDownIsTheApplicationsStateIfTheUserWantsIt() {
		this.runner.withUserConfiguration(FailingBackend.class)
			.withPropertyValues("apm.backend=failing", "apm.health.down-with-backend=true")
			.run((context) -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				awaitDown(context);
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			});
	}

	@Test
	void healthContributorHasBootsSwitch() {
		this.runner.withPropertyValues("management.health.apm.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
	}

	private static org.springframework.boot.actuate.health.Health health(ApplicationContext context) {
		return context.getBean("apmHealthIndicator", HealthIndicator.class).health();
	}

	private static void awaitDown(ApplicationContext context) {
		context.getBean(ApmTracer.class).nextSpan().name("job").start().end();
		await().until(() -> health(context).getDetails().toString().contains("down"));
	}

	@Test
	void infoNamesTheAgent() {
		this.runner.run((context) -> {
			Info.Builder builder = new Info.Builder();
			context.getBean(InfoContributor.class).contribute(builder);
			assertThat(builder.build().get("apm")).isEqualTo(Map.of("version", "development", "service", "shop",
					"instance", "shop-1", "backends", List.of("embedded")));
		});
	}

	@Test
	void metersCountSegmentsByBackend() {
		this.runner.run((context) -> {
			SimpleMeterRegistry meters = new SimpleMeterRegistry();
			context.getBean(ApmMeters.class).bindTo(meters);
			context.getBean(ApmTracer.class).nextSpan().name("job").start().end();
			await()
				.until(() -> meters.get("apm.segments.sent").tag("backend", "embedded").functionCounter().count() == 1);
			assertThat(meters.get("apm.segments.offered").functionCounter().count()).isOne();
			assertThat(meters.get("apm.backend.up").gauge().value()).isOne();
			assertThat(meters.get("apm.segments.dropped").functionCounters())
				.allSatisfy((counter) -> assertThat(counter.count()).isZero());
			assertThat(meters.get("apm.pipeline.dropped").functionCounters()).hasSize(2);
			assertThat(meters.get("apm.pipeline.queued").gauge().value()).isZero();
		});
	}

	@Test
	void nothingIsNeededOfActuatorAndMeters() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
					EmbeddedBackendAutoConfiguration.class, ApmManagementAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate", "io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(InstrumentationReport.class));
	}

	@Test
	void tracerThatTheUserBuiltHasNoPipelineToShow() {
		this.runner.withBean(ApmTracer.class, () -> ApmTracer.builder().build()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(ExportPipeline.class).doesNotHaveBean(ApmEndpoint.class);
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingBackend {

		@Bean
		SegmentExporter failing() {
			return new SegmentExporter() {

				@Override
				public String name() {
					return "failing";
				}

				@Override
				public void export(List<Segment> batch) {
					throw new IllegalStateException("connection refused");
				}

			};
		}

	}

}
