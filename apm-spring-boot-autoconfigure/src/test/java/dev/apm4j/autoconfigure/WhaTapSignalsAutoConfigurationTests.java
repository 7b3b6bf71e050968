package dev.apm4j.autoconfigure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import com.zaxxer.hikari.HikariDataSource;
import dev.apm4j.export.whatap.ActivityCounters;
import dev.apm4j.export.whatap.AgentControl;
import dev.apm4j.export.whatap.ConfigurationListener;
import dev.apm4j.export.whatap.JvmCounters;
import dev.apm4j.export.whatap.LogReport;
import dev.apm4j.export.whatap.ReceivedPacks;
import dev.apm4j.export.whatap.UdpAgent;
import dev.apm4j.export.whatap.WhaTapExporter;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WhaTapSignalsAutoConfiguration}, over UDP.
 */
class WhaTapSignalsAutoConfigurationTests {

	private final UdpAgent agent = new UdpAgent();

	private final ReceivedPacks received = new ReceivedPacks(this.agent);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
				WhaTapBackendAutoConfiguration.class, WhaTapSignalsAutoConfiguration.class))
		.withPropertyValues("apm.backend=whatap", "apm.whatap.port=" + this.agent.port());

	@AfterEach
	void close() {
		this.agent.close();
		assertThat(this.received.failures()).isEmpty();
	}

	@Test
	void countersAreReportedUnlessSwitchedOff() {
		this.runner.run((context) -> {
			await().untilAsserted(() -> assertThat(this.received.categories()).contains("java_gc", "java_runtime"));
			await().untilAsserted(() -> assertThat(this.agent.types()).contains("ACTIVE_STATS", "CONFIG_INFO"));
			assertThat(this.received.data("CONFIG_INFO").get(0)).contains("apm4j.version=").contains("apm4j.service=");
		});
		this.runner.withPropertyValues("apm.whatap.counters.enabled=false", "apm.whatap.control.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JvmCounters.class)
				.doesNotHaveBean(ActivityCounters.class)
				.doesNotHaveBean("apmWhaTapPoolCounters")
				.doesNotHaveBean(AgentControl.class));
	}

	@Test
	void nothingOfItIsThereWhereTheBackendIsSwitchedOff() {
		this.runner.withPropertyValues("apm.whatap.enabled=false", "apm.whatap.logs.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JvmCounters.class)
				.doesNotHaveBean(AgentControl.class)
				.doesNotHaveBean(LogReport.class));
	}

	@Test
	void nothingOfItIsThereForOtherBackends() {
		this.runner.withPropertyValues("apm.backend=embedded")
			.withConfiguration(AutoConfigurations.of(EmbeddedBackendAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JvmCounters.class)
				.doesNotHaveBean(AgentControl.class));
	}

	@Test
	void poolsAreKnownByTheirDataSourcesAndReadByTheirMeters() {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.gauge("hikaricp.connections.active", Tags.of("pool", "p1"), 1);
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withUserConfiguration(HikariConfiguration.class)
			.run((context) -> {
				try (Connection connection = context.getBean(HikariDataSource.class).getConnection()) {
					assertThat(connection.isValid(1)).isTrue();
					await().until(() -> this.agent.types().contains("ACTIVE_STATS"));
					this.received.ask("41,7,");
					await().untilAsserted(() -> assertThat(this.received.data("DBCONN_POOL")).isNotEmpty());
				}
				assertThat(this.received.data("DBCONN_POOL"))
					.contains(ProcessHandle.current().pid() + "|jdbc:h2:mem:pool;PASSWORD=#|1|0");
				await().untilAsserted(() -> assertThat(this.received.counters("app_pool"))
					.anySatisfy((pool) -> assertThat(pool).containsEntry("name", "p1").containsEntry("active", 1L)));
			});
	}

	@Test
	void withoutDataSourcesPoolsAreKnownByTheirMeters() {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.gauge("hikaricp.connections.active", Tags.of("pool", "p1"), 1);
		registry.gauge("hikaricp.connections.idle", Tags.of("pool", "p1"), 4);
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.run((context) -> await().untilAsserted(() -> assertThat(this.received.data("DBCONN_POOL"))
				.contains(ProcessHandle.current().pid() + "|p1|1|4")));
	}

	@Test
	void metersAreNotNeeded() {
		this.runner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JvmCounters.class)
				.doesNotHaveBean("apmWhaTapPoolCounters"));
	}

	@Test
	void runningTransactionIsSeenWithItsStack() {
		this.runner.run((context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			Span span = tracer.nextSpan().name("GET /slow").start();
			try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
				await().until(() -> this.agent.types().contains("TX_START"));
				this.received.ask("0,55,");
				await().until(() -> !this.received.data("ACTIVE_STACK").isEmpty());
			}
			assertThat(this.received.data("ACTIVE_STACK").get(0)).startsWith("55, ")
				.contains(getClass().getName() + ".lambda$runningTransactionIsSeenWithItsStack");
			this.received.ask("nonsense");
			this.received.ask("101,56,");
			await().until(() -> !this.received.data("TX_PARAM").isEmpty());
			assertThat(this.received.data("TX_PARAM").get(0)).contains("junit-jupiter-api ");
			assertThat(context.getBean(WhaTapExporter.class).notice())
				.contains("1 control messages ignored (1 malformed");
			span.end();
		});
	}

	@Test
	void configurationOfTheAgentIsHandedOn() {
		List<Map<String, String>> configurations = new CopyOnWriteArrayList<>();
		this.runner.withBean(ConfigurationListener.class, () -> configurations::add).run((context) -> {
			await().until(() -> this.agent.types().contains("CONFIG_INFO"));
			byte[] text = "trace_sampling_enabled=true\n".getBytes(StandardCharsets.UTF_8);
			this.received.send(ByteBuffer.allocate(11 + text.length)
				.put((byte) 230)
				.putInt(50100)
				.putInt(2 + text.length)
				.putShort((short) text.length)
				.put(text)
				.array());
			await().until(() -> !configurations.isEmpty());
			assertThat(configurations).containsExactly(Map.of("trace_sampling_enabled", "true"));
		});
	}

	@Test
	void floodDoesNotKeepTheAgentFromItsAnswers() {
		Random random = new Random(11);
		this.runner.run((context) -> {
			await().until(() -> this.agent.types().contains("CONFIG_INFO"));
			for (int i = 0; i < 2000; i++) {
				byte[] bytes = new byte[random.nextInt(2000)];
				random.nextBytes(bytes);
				this.received.send(bytes);
			}
			await().untilAsserted(() -> {
				this.received.ask("101,4711,");
				assertThat(this.received.data("TX_PARAM")).isNotEmpty();
			});
			assertThat(context.getBean(WhaTapExporter.class).notice()).contains(" malformed, ").doesNotContain("fails");
		});
	}

	@Test
	void logLinesAreNotReportedByDefault() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(LogReport.class));
	}

	@Test
	void logLinesAreReportedWithTheirTransaction() {
		this.runner.withPropertyValues("apm.whatap.logs.enabled=true", "apm.whatap.logs.level=warn").run((context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			Span span = tracer.nextSpan().name("work").start();
			LoggerFactory.getLogger("com.example.Shop").warn("Outside of any transaction");
			try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
				LoggerFactory.getLogger("com.example.Shop").info("Below the level");
				LoggerFactory.getLogger("com.example.Shop").warn("Out of stock, password=hunter2");
			}
			span.end();
			long txid = Long.parseUnsignedLong(span.context().spanId(), 16);
			await().untilAsserted(() -> assertThat(this.received.logLines())
				.containsExactly(txid + " WARN  Out of stock, password=#"));
		});
	}

	@Test
	void lastLinesAreSent() {
		this.runner.withPropertyValues("apm.whatap.logs.enabled=true").run((context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			Span span = tracer.nextSpan().name("work").start();
			try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
				LoggerFactory.getLogger("com.example.Shop").warn("Good-bye");
			}
			span.end();
		});
		await().untilAsserted(() -> assertThat(this.received.logLines()).anyMatch((line) -> line.endsWith("Good-bye")));
	}

	@ParameterizedTest
	@CsvSource({ "counters.interval=500ms, apm.whatap.counters.interval, a duration of 1s or more",
			"logs.max-length=99, apm.whatap.logs.max-length, a whole number from 100 to 16384",
			"logs.max-length=16385, apm.whatap.logs.max-length, a whole number from 100 to 16384",
			"logs.queue-size=0, apm.whatap.logs.queue-size, a whole number of 16 or more" })
	void wrongValueFailsTheStart(String value, String property, String allowed) {
		this.runner.withPropertyValues("apm.whatap.logs.enabled=true", "apm.whatap." + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(ApmConfigurationException.class)
				.satisfies((failure) -> assertThat(failure.toString() + ((ApmConfigurationException) failure))
					.contains(property)
					.contains(allowed)));
	}

	@Configuration(proxyBeanMethods = false)
	static class HikariConfiguration {

		@Bean
		HikariDataSource dataSource() {
			HikariDataSource dataSource = new HikariDataSource();
			dataSource.setJdbcUrl("jdbc:h2:mem:pool;PASSWORD=hunter2");
			dataSource.setMaximumPoolSize(1);
			return dataSource;
		}

	}

}
