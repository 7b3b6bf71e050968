package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.dashboard.Dashboard;
import dev.apm4j.dashboard.DashboardServlet;
import dev.apm4j.export.SegmentExporter;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When there is a page, and which backend is chosen.
 */
@ExtendWith(OutputCaptureExtension.class)
class DashboardAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(ApmTracingAutoConfiguration.class,
			EmbeddedBackendAutoConfiguration.class, ApmManagementAutoConfiguration.class,
			DashboardAutoConfiguration.class);

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void pageIsAServlet() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(Dashboard.class);
			ServletRegistrationBean<?> registration = context.getBean("apmDashboardServlet",
					ServletRegistrationBean.class);
			assertThat(registration.getServlet()).isInstanceOf(DashboardServlet.class);
			assertThat(registration.getUrlMappings()).containsExactly("/apm", "/apm/*");
		});
	}

	@Test
	void pageDoesNotNeedTheActuator() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().hasBean("apmDashboardServlet"));
	}

	@Test
	void pageDoesNotNeedTheManagementConfiguration() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
					EmbeddedBackendAutoConfiguration.class, DashboardAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().hasBean("apmDashboardServlet"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "apm.dashboard.enabled=false", "apm.enabled=false", "apm.backend=", "apm.backend=users" })
	void thereIsNoPageWithoutAnythingToShowOrWhereItIsOff(String property) {
		this.runner.withUserConfiguration(UsersBackend.class)
			.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(Dashboard.class)
				.doesNotHaveBean("apmDashboardServlet"));
	}

	@ParameterizedTest
	@CsvSource({ "'',/apm", "/,/apm", "/store,/store/apm" })
	void theStartSaysWhereThePageIs(String contextPath, String page, CapturedOutput output) {
		this.runner.withPropertyValues("server.servlet.context-path=" + contextPath)
			.run((context) -> assertThat(output)
				.containsOnlyOnce("to embedded, sampling 100.0 %, page at " + page + System.lineSeparator()));
	}

	@Test
	void otherApplicationsHaveNoPage() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Dashboard.class));
	}

	@Test
	void pageOfAReactiveApplicationIsAHandler() {
		new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasSingleBean(Dashboard.class)
				.hasBean("apmDashboardMapping")
				.doesNotHaveBean("apmDashboardServlet"));
		new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withClassLoader(new FilteredClassLoader("jakarta.servlet"))
			.run((context) -> assertThat(context).hasNotFailed().hasBean("apmDashboardMapping"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://shop.example/", "shop example", "shop.example/apm" })
	void wrongHostFailsTheStartWithTheNameOfTheProperty(String host) {
		this.runner.withPropertyValues("apm.dashboard.allowed-hosts=" + host)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(ApmConfigurationException.class)
				.hasMessageContaining("apm.dashboard.allowed-hosts")
				.hasMessageContaining(host));
	}

	@ParameterizedTest
	@ValueSource(strings = { "apm.backend=EMBEDDED", "apm.backend=users, Embedded ", "apm.backend[0]=embedded" })
	void backendIsChosenWhateverItsCaseAndPlace(String property) {
		this.runner.withUserConfiguration(UsersBackend.class)
			.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(EmbeddedStore.class)
				.hasSingleBean(Dashboard.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "skywalking", "SkyWalking", "users, SKYWALKING" })
	void headersOfABackendAreWrittenWhateverItsCase(String backend) {
		this.runner.withUserConfiguration(UsersBackend.class, SkyWalkingBackend.class)
			.withPropertyValues("apm.backend=" + backend)
			.run((context) -> {
				ApmEndpoint.PropagationDescriptor formats = context.getBean(PropagationSettings.class).inForce();
				assertThat(formats.produce()).contains("w3c", "sw8");
				assertThat(formats.consume()).startsWith("sw8", "w3c", "b3");
			});
	}

	@Test
	void theUsersOrderOfFormatsCountsMoreThanTheBackends() {
		this.runner.withUserConfiguration(UsersBackend.class, SkyWalkingBackend.class)
			.withPropertyValues("apm.backend=skywalking", "apm.propagation.consume=w3c,sw8")
			.run((context) -> assertThat(context.getBean(PropagationSettings.class).inForce().consume())
				.startsWith("w3c", "sw8"));
	}

	@Test
	void anEmptyListTrustsNoCaller() {
		this.runner.withPropertyValues("apm.propagation.consume=")
			.run((context) -> assertThat(context.getBean(PropagationSettings.class).inForce().consume()).isEmpty());
	}

	@Test
	void noBackendStillGivesIdsToLogLines() {
		this.runner.withPropertyValues("apm.backend=").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedStore.class);
			assertThat(context.getBean(ApmTracer.class).nextSpan().start().context().traceId()).hasSize(32);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class UsersBackend {

		@Bean
		SegmentExporter usersBackend() {
			return new NamedExporter("users");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SkyWalkingBackend {

		@Bean
		SegmentExporter skyWalkingBackend() {
			return new NamedExporter("skywalking");
		}

	}

	private record NamedExporter(String name) implements SegmentExporter {

		@Override
		public void export(List<Segment> batch) {
		}

	}

}
