package dev.apm4j.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.skywalking.AgentClassLoader;
import dev.apm4j.export.skywalking.Certificate;
import dev.apm4j.export.skywalking.GrpcTransport;
import dev.apm4j.export.skywalking.HttpTransport;
import dev.apm4j.export.skywalking.KafkaTransport;
import dev.apm4j.export.skywalking.ServiceIdentity;
import dev.apm4j.export.skywalking.SkyWalkingExporter;
import dev.apm4j.export.skywalking.SkyWalkingTransport;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SkyWalkingBackendAutoConfiguration} and its properties.
 */
@ExtendWith(OutputCaptureExtension.class)
class SkyWalkingBackendAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class, EndpointAutoConfiguration.class,
				EmbeddedBackendAutoConfiguration.class, SkyWalkingBackendAutoConfiguration.class,
				ApmManagementAutoConfiguration.class, SslAutoConfiguration.class))
		.withPropertyValues("apm.backend=skywalking", "spring.application.name=shop",
				"management.endpoints.web.exposure.include=*", "apm.skywalking.address=127.0.0.1:1",
				"apm.skywalking.deadline=1s");

	@Test
	void backendIsThereWhenItIsChosen() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(SkyWalkingExporter.class);
			assertThat(context.getBean(SkyWalkingTransport.class)).isInstanceOf(GrpcTransport.class);
			assertThat(context.getBean(ExportPipeline.class).backends()).singleElement()
				.satisfies((backend) -> assertThat(backend.name()).isEqualTo("skywalking"));
		});
		this.runner.withPropertyValues("apm.backend=embedded")
			.run((context) -> assertThat(context).doesNotHaveBean(SkyWalkingTransport.class)
				.doesNotHaveBean(ServiceIdentity.class));
		this.runner.withPropertyValues("apm.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(SkyWalkingTransport.class));
		this.runner.withBean(Tracer.class, (Supplier<Tracer>) () -> Tracer.NOOP)
			.run((context) -> assertThat(context).doesNotHaveBean(SkyWalkingTransport.class));
	}

	@Test
	void serverThatIsAwayIsSaidOnTheEndpointAndOnceInTheLogWithoutAnyTrace(CapturedOutput output) {
		this.runner.run((context) -> {
			ApmEndpoint endpoint = context.getBean(ApmEndpoint.class);
			await().untilAsserted(() -> assertThat(endpoint.apm().backends().get(0).notice()).contains("keep-alive")
				.contains("127.0.0.1:1 cannot be reached: connection refused"));
		});
		assertThat(output.toString().split("SkyWalking: .* failed and is tried again", -1)).hasSize(2);
		assertThat(threads()).isEmpty();
	}

	@Test
	void transportsCanBeChosen() {
		this.runner.withPropertyValues("apm.skywalking.transport=http")
			.run((context) -> assertThat(context.getBean(SkyWalkingTransport.class)).isInstanceOf(HttpTransport.class));
		this.runner
			.withPropertyValues("apm.skywalking.transport=kafka",
					"apm.skywalking.kafka.bootstrap-servers=127.0.0.1:1, 127.0.0.1:2")
			.run((context) -> assertThat(context.getBean(SkyWalkingTransport.class))
				.isInstanceOf(KafkaTransport.class));
	}

	@Test
	void nothingIsReportedWhereExportIsSwitchedOff() {
		SkyWalkingTransport transport = mock();
		this.runner.withBean(SkyWalkingTransport.class, () -> transport)
			.withPropertyValues("apm.export.enabled=false")
			.run((context) -> {
				assertThat(context.getBean(ExportPipeline.class).backends()).isEmpty();
				assertThat(threads()).isEmpty();
			});
	}

	@Test
	void nameAndInstanceAreThoseOfSkyWalkingsAgents() {
		this.runner
			.withPropertyValues("apm.skywalking.group=web", "apm.skywalking.namespace=prod",
					"apm.skywalking.cluster=east")
			.run((context) -> {
				ServiceIdentity identity = context.getBean(ServiceIdentity.class);
				assertThat(identity.service()).isEqualTo("web::shop|prod|east");
				assertThat(identity.instance()).matches("[0-9a-f]{32}@(\\d+\\.\\d+\\.\\d+\\.\\d+|no-hostname)");
				ApmEndpoint.ApmDescriptor descriptor = context.getBean(ApmEndpoint.class).apm();
				assertThat(descriptor.service()).isEqualTo("shop");
				assertThat(descriptor.instance()).isEqualTo(identity.instance());
				assertThat(descriptor.propagation().produce()).contains("sw8");
			});
		this.runner.withPropertyValues("apm.instance=shop-1")
			.run((context) -> assertThat(context.getBean(ServiceIdentity.class))
				.isEqualTo(new ServiceIdentity("shop", "shop-1")));
		this.runner.withPropertyValues("apm.skywalking.cluster=east")
			.run((context) -> assertThat(context.getBean(ServiceIdentity.class).service()).isEqualTo("shop||east"));
	}

	@Test
	void agentOfSkyWalkingsOwnTurnsItOff(CapturedOutput output) {
		this.runner.withPropertyValues("apm.backend=skywalking, embedded")
			.withClassLoader(new AgentClassLoader(getClass().getClassLoader()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(SkyWalkingTransport.class);
				ApmEndpoint.ApmDescriptor descriptor = context.getBean(ApmEndpoint.class).apm();
				assertThat(descriptor.backends())
					.extracting(ApmEndpoint.BackendDescriptor::name, ApmEndpoint.BackendDescriptor::state)
					.containsExactly(tuple("embedded", "connecting"), tuple("skywalking", "off"));
				assertThat(descriptor.backends().get(1).notice()).contains("agent is attached");
				assertThat(descriptor.propagation().produce()).doesNotContain("sw8");
				assertThat(context.getBean(ApmTracer.class)).isNotNull();
			});
		assertThat(output.toString().split("backend 'skywalking' is off: SkyWalking's own agent", -1)).hasSize(2);
	}

	@Test
	void missingLibrariesAreNamed() {
		assertMissing("dev.apm4j.skywalking.proto", "dev.apm4j:apm-spring-boot-starter-skywalking");
		assertMissing("io.grpc.netty", "io.grpc:grpc-netty");
		assertMissing("org.apache.kafka", "org.apache.kafka:kafka-clients", "apm.skywalking.transport=kafka");
		this.runner.withClassLoader(new FilteredClassLoader("io.grpc.netty", "org.apache.kafka"))
			.withPropertyValues("apm.skywalking.transport=http")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private void assertMissing(String packageName, String dependency, String... properties) {
		this.runner.withClassLoader(new FilteredClassLoader(packageName))
			.withPropertyValues(properties)
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = new ApmConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("not on the class path");
				assertThat(analysis.getAction()).isEqualTo("Add the dependency " + dependency + ".");
			});
	}

	@ParameterizedTest
	@CsvSource({ "'address=http://oap:11800', apm.skywalking.address", "'address=oap:0', apm.skywalking.address",
			"'address=user:s3cr3t@oap:11800', apm.skywalking.address", "'token=s3cr3t-\u00e4', apm.skywalking.token",
			"'deadline=1ms', apm.skywalking.deadline", "'keep-alive=0s', apm.skywalking.keep-alive",
			"'dns-refresh=-1s', apm.skywalking.dns-refresh", "'max-message-size=1KB', apm.skywalking.max-message-size",
			"'layer=general', apm.skywalking.layer", "'namespace=a|b', apm.skywalking.namespace",
			"'group=a::b', apm.skywalking.group", "'tls.bundle=none', apm.skywalking.tls.bundle",
			"'tls.ca-certificate=file:/not/there.pem', apm.skywalking.tls",
			"'tls.client-certificate=file:/not/there.pem', apm.skywalking.tls.client-key",
			"'tls.client-key=s3cr3t', apm.skywalking.tls.client-certificate",
			"'transport=kafka', apm.skywalking.kafka.bootstrap-servers" })
	void wrongValuesFailTheStartWithoutShowingSecrets(String setting, String property) {
		this.runner.withPropertyValues("apm.skywalking." + setting).run((context) -> {
			assertThat(context).as(setting).hasFailed();
			FailureAnalysis analysis = new ApmConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).as(setting).isNotNull();
			assertThat(analysis.getDescription()).contains("'" + property + "'");
			assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("s3cr3t");
		});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "namespace=a b/c", "topics.traces=x", "topics.segments=a b", "bootstrap-servers=http://x" })
	void wrongKafkaValuesFailTheStart(String setting) {
		this.runner
			.withPropertyValues("apm.skywalking.transport=kafka",
					"apm.skywalking.kafka.bootstrap-servers=127.0.0.1:9092", "apm.skywalking.kafka." + setting)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(ApmConfigurationException.class)
				.hasMessageContaining("apm.skywalking.kafka." + setting.substring(0, setting.indexOf('='))));
	}

	@Test
	void certificatesCanBeFilesContentsOrABundle(@TempDir Path directory) throws Exception {
		Certificate certificate = Certificate.create(directory, "client");
		Path file = Files.writeString(directory.resolve("client.pem"), certificate.certificatePem());
		Path key = Files.writeString(directory.resolve("client.key"), certificate.keyPem());
		this.runner
			.withPropertyValues("apm.skywalking.tls.ca-certificate=file:" + file,
					"apm.skywalking.tls.client-certificate=" + certificate.certificatePem(),
					"apm.skywalking.tls.client-key=file:" + key)
			.run((context) -> assertThat(context).hasNotFailed());
		this.runner
			.withPropertyValues("spring.ssl.bundle.pem.oap.truststore.certificate=file:" + file,
					"apm.skywalking.tls.bundle=oap")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void propertiesDoNotShowTheirSecrets() {
		this.runner.withPropertyValues("apm.skywalking.token=s3cr3t")
			.run((context) -> assertThat(context.getBean(ApmSkyWalkingProperties.class).toString())
				.doesNotContain("s3cr3t"));
	}

	private static List<Thread> threads() {
		await().atMost(Duration.ofSeconds(10))
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().startsWith("apm-skywalking")));
		return List.of();
	}

}
