package dev.apm4j.autoconfigure;

import java.util.Map;
import java.util.function.Consumer;

import dev.apm4j.export.skywalking.DynamicConfiguration;
import dev.apm4j.export.skywalking.RuntimeSetting;
import dev.apm4j.export.skywalking.SkyWalkingTransport;
import dev.apm4j.export.skywalking.ThreadProfiling;
import dev.apm4j.skywalking.proto.Command;
import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;

/**
 * Tests for {@link SkyWalkingControlAutoConfiguration} and the settings.
 */
class SkyWalkingControlAutoConfigurationTests {

	private final SkyWalkingTransport transport = mock();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ApmTracingAutoConfiguration.class, EmbeddedBackendAutoConfiguration.class,
						SkyWalkingBackendAutoConfiguration.class, SkyWalkingControlAutoConfiguration.class))
		.withBean(SkyWalkingTransport.class, () -> this.transport)
		.withPropertyValues("apm.backend=skywalking", "spring.application.name=shop");

	@BeforeEach
	void answer() throws Exception {
		given(this.transport.profileTasks(any())).willReturn(Commands.getDefaultInstance());
		given(this.transport.configuration(any())).willReturn(Commands.getDefaultInstance());
	}

	private void configure(Map<String, String> values) throws Exception {
		Command.Builder command = Command.newBuilder().setCommand("ConfigurationDiscoveryCommand");
		values.forEach((key, value) -> command.addArgs(KeyStringValuePair.newBuilder().setKey(key).setValue(value)));
		given(this.transport.configuration(any())).willReturn(Commands.newBuilder().addCommands(command).build());
	}

	@Test
	void serverIsAskedForTasksAndSettings() {
		this.runner.run((context) -> {
			then(this.transport).should(timeout(10_000).atLeastOnce()).profileTasks(any());
			then(this.transport).should(timeout(10_000).atLeastOnce()).configuration(any());
		});
	}

	@Test
	void bothCanBeSwitchedOff() throws Exception {
		this.runner
			.withPropertyValues("apm.skywalking.profile.enabled=false",
					"apm.skywalking.dynamic-configuration.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean(ThreadProfiling.class)
					.doesNotHaveBean(DynamicConfiguration.class)
					.doesNotHaveBean(RemoteIgnoreRules.class);
				then(this.transport).should(timeout(10_000).atLeastOnce()).keepAlive(any());
			});
		then(this.transport).should(never()).profileTasks(any());
		then(this.transport).should(never()).configuration(any());
		this.runner.withPropertyValues("apm.backend=embedded")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ThreadProfiling.class)
				.doesNotHaveBean(DynamicConfiguration.class));
	}

	@Test
	void samplingOfTheServerIsInForce() throws Exception {
		configure(Map.of("agent.sample_n_per_3_secs", "7"));
		this.runner.withPropertyValues("apm.sampling.rate=0.5")
			.run((context) -> await().untilAsserted(() -> assertThat(policy(context)).satisfies((policy) -> {
				assertThat(policy.maxPerThreeSeconds()).isEqualTo(7);
				assertThat(policy.rate()).isEqualTo(0.5);
			})));
	}

	@Test
	void ownSamplingComesBack() {
		ApmTracer tracer = ApmTracer.builder().build();
		RuntimeSetting setting = SkyWalkingSetting.sampling(() -> tracer, 3);
		setting.apply("20");
		assertThat(tracer.samplingPolicy().maxPerThreeSeconds()).isEqualTo(20);
		setting.apply("-1");
		assertThat(tracer.samplingPolicy().maxPerThreeSeconds()).isZero();
		setting.apply(null);
		assertThat(tracer.samplingPolicy().maxPerThreeSeconds()).isEqualTo(3);
	}

	@ParameterizedTest
	@CsvSource({ "agent.sample_n_per_3_secs,many", "agent.sample_n_per_3_secs,-2", "agent.sample_n_per_3_secs,''",
			"agent.span_limit_per_segment,0", "agent.span_limit_per_segment,99999999999",
			"plugin.jdbc.trace_sql_parameters,yes" })
	void badValueIsRefused(String key, String value) {
		ApmTracer tracer = ApmTracer.builder().build();
		Consumer<SkyWalkingSetting> refuses = (setting) -> {
			if (setting.key().equals(key)) {
				assertThatIllegalArgumentException().isThrownBy(() -> setting.apply(value))
					.withMessageContaining("needed");
			}
		};
		refuses.accept(SkyWalkingSetting.sampling(() -> tracer, 0));
		refuses.accept(SkyWalkingSetting.spanLimit(() -> null));
		refuses.accept(SkyWalkingSetting.bindValues(() -> null));
		assertThat(tracer.samplingPolicy()).isEqualTo(SamplingPolicy.ALWAYS);
	}

	private static SamplingPolicy policy(ConfigurableApplicationContext context) {
		return context.getBean(ApmTracer.class).samplingPolicy();
	}

}
