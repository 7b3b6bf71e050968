package dev.apm4j.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.whatap.UdpAgent;
import dev.apm4j.export.whatap.WhaTapBackend;
import dev.apm4j.export.whatap.WhaTapExporter;
import dev.apm4j.export.whatap.WhaTapSettings;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WhaTapBackendAutoConfiguration} and its properties.
 */
class WhaTapBackendAutoConfigurationTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	/** Made up, as in the vectors; the number in it is 31337. */
	private static final String LICENSE = "x4uj9200g40o4-xa1g7104gk2oc-xq3gf20000000";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class, EndpointAutoConfiguration.class,
				EmbeddedBackendAutoConfiguration.class, WhaTapBackendAutoConfiguration.class,
				ApmManagementAutoConfiguration.class))
		.withPropertyValues("apm.backend=whatap", "apm.whatap.port=" + UdpAgent.freePort(),
				"management.endpoints.web.exposure.include=*");

	@Test
	void backendIsThereWhenItIsChosen() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(WhaTapExporter.class).hasSingleBean(WhaTapBackend.class);
			assertThat(context.getBean(ExportPipeline.class).backends()).singleElement()
				.satisfies((backend) -> assertThat(backend.name()).isEqualTo("whatap"));
		});
		this.runner.withPropertyValues("apm.backend=embedded")
			.run((context) -> assertThat(context).doesNotHaveBean(WhaTapBackend.class));
		this.runner.withPropertyValues("apm.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WhaTapBackend.class));
		this.runner.withBean(Tracer.class, (Supplier<Tracer>) () -> Tracer.NOOP)
			.run((context) -> assertThat(context).doesNotHaveBean(WhaTapBackend.class));
	}

	@Test
	void switchLeavesItOutOfTheChosenOnes() {
		this.runner.withPropertyValues("apm.backend=whatap, embedded", "apm.whatap.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(WhaTapBackend.class);
			assertThat(context.getBean(ApmEndpoint.class).apm().backends())
				.extracting(ApmEndpoint.BackendDescriptor::name, ApmEndpoint.BackendDescriptor::state)
				.containsExactly(tuple("embedded", "connecting"), tuple("whatap", "off"));
		});
	}

	@Test
	void transactionsOfAnApplicationThatEndsAtOnceArrive() {
		try (UdpAgent agent = new UdpAgent()) {
			this.runner.withPropertyValues("apm.whatap.port=" + agent.port()).run((context) -> {
				ApmTracer tracer = context.getBean(ApmTracer.class);
				tracer.nextSpan().name("nightly").start().end();
			});
			await().atMost(WAIT).until(() -> agent.types().contains("TX_END"));
			assertThat(agent.types()).containsExactly("TX_START", "TX_END");
			assertThat(agent.names("TX_END")).singleElement().asString().contains("nightly");
			assertThat(threads()).isEmpty();
		}
	}

	@Test
	void requestsBecomeTransactions() {
		try (UdpAgent agent = new UdpAgent()) {
			new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
				.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
						EmbeddedBackendAutoConfiguration.class, WhaTapBackendAutoConfiguration.class,
						ServletInstrumentationAutoConfiguration.class, ServletWebServerFactoryAutoConfiguration.class,
						DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class,
						HttpMessageConvertersAutoConfiguration.class))
				.withInitializer(new ServerPortInfoApplicationContextInitializer())
				.withUserConfiguration(Orders.class)
				.withPropertyValues("server.port=0", "server.address=127.0.0.1", "apm.backend=whatap,embedded",
						"apm.whatap.port=" + agent.port(), "apm.sampling.rate=0.5")
				.run((context) -> {
					String port = context.getEnvironment().getProperty("local.server.port");
					HttpClient client = HttpClient.newHttpClient();
					for (int i = 0; i < 20; i++) {
						HttpResponse<String> response = client.send(
								HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders/" + i)).build(),
								HttpResponse.BodyHandlers.ofString());
						assertThat(response.statusCode()).isEqualTo(200);
					}
					await().atMost(WAIT).until(() -> agent.names("TX_END").size() == 20);
					assertThat(agent.names("TX_END")).containsOnly("/orders/{id}");
					assertThat(agent.names("TX_START")).hasSize(20);
				});
			assertThat(agent.names("TX_END")).hasSize(20);
		}
	}

	@Test
	void nothingIsReportedWhereExportIsSwitchedOff() {
		try (UdpAgent agent = new UdpAgent()) {
			this.runner.withPropertyValues("apm.export.enabled=false", "apm.whatap.port=" + agent.port())
				.run((context) -> {
					assertThat(context.getBean(ExportPipeline.class).backends()).isEmpty();
					context.getBean(ApmTracer.class).nextSpan().name("nightly").start().end();
					assertThat(threads()).isEmpty();
				});
			assertThat(agent.types()).isEmpty();
		}
	}

	@Test
	void absentAgentIsSaidOnTheEndpoint() {
		this.runner.run((context) -> {
			ApmEndpoint endpoint = context.getBean(ApmEndpoint.class);
			context.getBean(ApmTracer.class).nextSpan().name("nightly").start().end();
			await().atMost(WAIT)
				.untilAsserted(() -> assertThat(endpoint.apm().backends().get(0).lastError())
					.contains("no WhaTap agent listens at UDP 127.0.0.1:"));
			assertThat(endpoint.apm().backends().get(0).state()).isEqualTo("down");
		});
	}

	@Test
	void featuresBeginAndEndWithTheContext() {
		List<String> log = new CopyOnWriteArrayList<>();
		this.runner.withBean(WhaTapBackend.Feature.class, () -> new WhaTapBackend.Feature() {

			@Override
			public void start(WhaTapBackend backend) {
				log.add("start");
			}

			@Override
			public void end(WhaTapBackend backend) {
				log.add("end");
			}

		}).run((context) -> assertThat(log).containsExactly("start"));
		assertThat(log).containsExactly("start", "end");
	}

	@ParameterizedTest
	@CsvSource({ "'host=http://whatap', apm.whatap.host", "'host=', apm.whatap.host",
			"'host=kim:s3cr3t@whatap', apm.whatap.host", "'port=0', apm.whatap.port", "'port=65536', apm.whatap.port",
			"'version=20105', apm.whatap.version", "'license=s3cr3t', apm.whatap.license",
			"'license=s3cr3t-s3cr3t-s3cr3t', apm.whatap.license", "'project-code=-1', apm.whatap.project-code",
			"'lost-time=9s', apm.whatap.lost-time", "'lost-time=25d', apm.whatap.lost-time" })
	void wrongValuesFailTheStartWithoutShowingSecrets(String setting, String property) {
		this.runner.withPropertyValues("apm.whatap." + setting).run((context) -> {
			assertThat(context).as(setting).hasFailed();
			FailureAnalysis analysis = new ApmConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).as(setting).isNotNull();
			assertThat(analysis.getDescription()).contains("'" + property + "'");
			assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("s3cr3t");
		});
	}

	@Test
	void propertiesDoNotShowTheirSecrets() {
		this.runner.withPropertyValues("apm.whatap.license=" + LICENSE)
			.run((context) -> assertThat(context.getBean(ApmWhaTapProperties.class).toString())
				.doesNotContain(LICENSE));
	}

	@Test
	void settingsAreThoseOfTheEnvironmentAtTheMoment() {
		MockEnvironment environment = new MockEnvironment();
		assertThat(CheckedWhaTapProperties.of(environment)).isEqualTo(WhaTapSettings.DEFAULT);
		environment.setProperty("apm.whatap.host", "agent");
		environment.setProperty("apm.whatap.port", "6601");
		environment.setProperty("apm.whatap.version", "20106");
		environment.setProperty("apm.whatap.project-code", "4321");
		environment.setProperty("apm.whatap.oid", "-5");
		environment.setProperty("apm.whatap.okind", "7");
		environment.setProperty("apm.whatap.lost-time", "24d");
		environment.setProperty("apm.whatap.license", LICENSE);
		assertThat(CheckedWhaTapProperties.of(environment))
			.isEqualTo(new WhaTapSettings("agent", 6601, 20106, 4321, -5, 7, Duration.ofDays(24)));
	}

	@Test
	void numberOfTheProjectIsInItsLicence() {
		MockEnvironment environment = new MockEnvironment();
		environment.setProperty("apm.whatap.license", LICENSE);
		assertThat(CheckedWhaTapProperties.of(environment).projectCode()).isEqualTo(31337);
	}

	private static List<Thread> threads() {
		await().atMost(WAIT)
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().startsWith("apm-whatap")));
		return List.of();
	}

	@RestController
	static class Orders {

		@GetMapping("/orders/{id}")
		String order() {
			return "order";
		}

	}

}
