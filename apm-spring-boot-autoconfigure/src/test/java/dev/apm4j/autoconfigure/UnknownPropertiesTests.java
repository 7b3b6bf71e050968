package dev.apm4j.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnknownProperties}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesTests {

	@Test
	void misspeltNameIsSaidAtTheStartWithWhatWasMeant(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(ApmTracingAutoConfiguration.class, EmbeddedBackendAutoConfiguration.class))
			.withPropertyValues("apm.sampling.rte=0.123", "apm.embedded.slow=2s")
			.run((context) -> assertThat(output)
				.containsOnlyOnce("'apm.sampling.rte' (\"apm.sampling.rte\" from property source \"test\") "
						+ "is no property of apm4j and has no effect. Did you mean 'apm.sampling.rate'?")
				.doesNotContain("0.123")
				.doesNotContain("apm.embedded.slow"));
	}

	@ParameterizedTest
	@CsvSource({ "apm.backends, apm.backend", "apm.backends[0], apm.backend", "apm.servicename2, apm.service-name",
			"apm.samplng.rate, apm.sampling.rate", "apm.dashboard.allow-host, apm.dashboard.allowed-hosts",
			"apm.jdbc.bindvalue, apm.jdbc.bind-values",
			"apm.instrumentation.jdb.enabled, apm.instrumentation.jdbc.enabled" })
	void namesWhatWasProbablyMeant(String name, String meant) {
		assertThat(new UnknownProperties(environment(name)).findings()).singleElement()
			.asString()
			.startsWith("'" + name + "'")
			.endsWith("Did you mean '" + meant + "'?");
	}

	@Test
	void findsWhatIsLikeNothingInAGroupOfOurs() {
		assertThat(new UnknownProperties(environment("apm.dashboard.base-path-of-page")).findings()).singleElement()
			.asString()
			.endsWith("is no property of apm4j and has no effect");
	}

	@ParameterizedTest
	@ValueSource(strings = { "apm.enabled", "apm.serviceName", "apm.service_name", "apm.backend[0]",
			"apm.web.ignore-paths[3]", "apm.web.ignorePaths", "apm.skywalking.instance-properties.zone",
			"apm.skywalking.instance-properties[a.b]", "apm.skywalking.kafka.properties.security.protocol",
			"apm.acme.url", "apm.acme.deeper.url", "apmx.sampling.rte" })
	void leavesAloneWhatIsRightOrBelongsToTheApplication(String name) {
		assertThat(new UnknownProperties(environment(name)).findings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "APM_SAMPLING_RATE,", "APM_SERVICENAME,", "APM_SERVICE_NAME,", "APM_JDBC_BINDVALUES,",
			"APM_JDBC_BIND_VALUES,", "APM_WEB_IGNOREPATHS_0,", "APM_SKYWALKING_INSTANCEPROPERTIES_ZONE,",
			"APM_HOME_OF_ANOTHER_PRODUCT,", "APM_SAMPLING_RTE, apm.sampling.rate",
			"APM_DASHBOARD_ALLOWREMOTES, apm.dashboard.allow-remote" })
	void knowsNamesOfVariables(String variable, String meant) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(variable, "x")));
		if (meant == null) {
			assertThat(new UnknownProperties(environment).findings()).isEmpty();
		}
		else {
			assertThat(new UnknownProperties(environment).findings()).singleElement()
				.asString()
				.endsWith("Did you mean '" + meant + "'?");
		}
	}

	/** What Kubernetes sets for a service of the name apm-web. */
	@Test
	void variablesForAServiceOfTheClusterAreNobodysMistake() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							Map.of("APM_WEB_SERVICE_HOST", "10.0.0.1", "APM_WEB_SERVICE_PORT", "8080",
									"APM_WEB_SERVICE_PORT_HTTP", "8080", "APM_WEB_PORT", "tcp://10.0.0.1:8080",
									"APM_WEB_PORT_8080_TCP", "tcp://10.0.0.1:8080", "APM_WEB_PORT_8080_TCP_PROTO",
									"tcp", "APM_WEB_PORT_8080_TCP_PORT", "8080", "APM_WEB_PORT_8080_TCP_ADDR",
									"10.0.0.1", "APM_WEB_IGNORE_PATH", "/x")));
		assertThat(new UnknownProperties(environment).findings()).singleElement()
			.asString()
			.contains("Did you mean 'apm.web.ignore-paths'?");
	}

	@Test
	void valueThatCannotBeReadDoesNotStopTheApplication() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("vault", Map.of("apm.sampling.rte", "x")) {

			@Override
			public Object getProperty(String name) {
				if (name.startsWith("apm.")) {
					throw new IllegalStateException("cannot be decrypted");
				}
				return null;
			}

		});
		assertThat(new UnknownProperties(environment).findings()).singleElement()
			.isEqualTo("'apm.sampling.rte' is no property of apm4j and has no effect. "
					+ "Did you mean 'apm.sampling.rate'?");
	}

	private static StandardEnvironment environment(String name) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(name, "x")));
		return environment;
	}

}
