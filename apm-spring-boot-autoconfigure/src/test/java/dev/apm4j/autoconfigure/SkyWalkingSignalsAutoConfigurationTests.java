package dev.apm4j.autoconfigure;

import java.util.Iterator;
import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.Appender;
import dev.apm4j.export.skywalking.JvmMetricsReport;
import dev.apm4j.export.skywalking.LogReport;
import dev.apm4j.export.skywalking.SkyWalkingTransport;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.MeterData;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.ContextRefreshedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;

/**
 * Tests for {@link SkyWalkingSignalsAutoConfiguration} and its properties.
 */
class SkyWalkingSignalsAutoConfigurationTests {

	private final SkyWalkingTransport transport = mock();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ApmTracingAutoConfiguration.class, EmbeddedBackendAutoConfiguration.class,
						SkyWalkingBackendAutoConfiguration.class, SkyWalkingSignalsAutoConfiguration.class))
		.withBean(SkyWalkingTransport.class, () -> this.transport)
		.withPropertyValues("apm.backend=skywalking", "spring.application.name=shop");

	@Test
	void jvmIsReportedUnlessSwitchedOff() {
		this.runner.run((context) -> then(this.transport).should(timeout(10_000).atLeastOnce()).jvmMetrics(any()));
		this.runner.withPropertyValues("apm.skywalking.jvm-metrics.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JvmMetricsReport.class));
		this.runner.withPropertyValues("apm.backend=embedded")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JvmMetricsReport.class));
	}

	@Test
	void chosenMetersAreReported() {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.counter("orders.placed").increment();
		registry.counter("orders.refused").increment();
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withPropertyValues("apm.skywalking.meters.include=orders.placed")
			.run((context) -> {
				ArgumentCaptor<List<MeterData>> sent = ArgumentCaptor.captor();
				then(this.transport).should(timeout(10_000).atLeastOnce()).meters(sent.capture());
				assertThat(sent.getValue()).extracting((meter) -> meter.getSingleValue().getName())
					.containsExactly("orders_placed");
			});
	}

	@Test
	void metersCanBeSwitchedOffAndAreNoneWithoutMicrometer() {
		this.runner.withPropertyValues("apm.skywalking.meters.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("apmSkyWalkingMeters"));
		this.runner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("apmSkyWalkingMeters"));
		// Without a registry there is nothing to read.
		this.runner.run((context) -> assertThat(context).hasNotFailed().hasBean("apmSkyWalkingMeters"));
	}

	@Test
	void logLinesAreNotReportedByDefault() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(LogReport.class);
			assertThat(appenders()).isZero();
		});
	}

	@Test
	void logLinesAreReportedWithTheirTrace() {
		this.runner.withPropertyValues("apm.skywalking.logs.enabled=true", "apm.skywalking.logs.level=warn")
			.run((context) -> {
				assertThat(appenders()).isEqualTo(1);
				Span span = context.getBean(ApmTracer.class).nextSpan().name("work").start();
				try (Tracer.SpanInScope scope = context.getBean(ApmTracer.class).withSpan(span)) {
					LoggerFactory.getLogger("com.example.Shop").info("Below the level");
					LoggerFactory.getLogger("com.example.Shop").warn("Out of stock");
				}
				span.end();
				ArgumentCaptor<List<LogData>> sent = ArgumentCaptor.captor();
				then(this.transport).should(timeout(10_000).atLeastOnce()).logs(sent.capture());
				// The start may have said something, too.
				assertThat(sent.getAllValues()).flatMap((lines) -> lines)
					.filteredOn(this::ofShop)
					.singleElement()
					.satisfies((line) -> {
						assertThat(line.getBody().getText().getText()).isEqualTo("Out of stock");
						assertThat(line.getService()).isEqualTo("shop");
						assertThat(line.getTraceContext().getTraceId()).isEqualTo(span.context().traceId());
					});
			});
	}

	private boolean ofShop(LogData line) {
		return line.getTags().getDataList().stream().anyMatch((tag) -> tag.getValue().equals("com.example.Shop"));
	}

	@Test
	void lastLinesAreSentAndNoAppenderIsLeft() throws Exception {
		this.runner.withPropertyValues("apm.skywalking.logs.enabled=true", "apm.skywalking.logs.level=warn")
			.run((context) -> {
				// The rhythm's first run finds nothing; the end comes before its second.
				LoggerFactory.getLogger("com.example.Shop").warn("Good-bye");
			});
		then(this.transport).should(atLeastOnce()).logs(anyList());
		assertThat(appenders()).isZero();
	}

	@Test
	void noAppenderIsInstalledWhereExportIsSwitchedOff() throws Exception {
		this.runner.withPropertyValues("apm.skywalking.logs.enabled=true", "apm.export.enabled=false")
			.run((context) -> assertThat(appenders()).isZero());
		then(this.transport).should(never()).logs(anyList());
	}

	@Test
	void noAppenderIsLeftByAStartThatFails() {
		this.runner.withPropertyValues("apm.skywalking.logs.enabled=true")
			.withInitializer((context) -> context.addApplicationListener((event) -> {
				if (event instanceof ContextRefreshedEvent) {
					throw new IllegalStateException("Start fails");
				}
			}))
			.run((context) -> assertThat(context).hasFailed());
		await().untilAsserted(() -> assertThat(appenders()).isZero());
	}

	@ParameterizedTest
	@CsvSource({ "meters.interval=500ms, apm.skywalking.meters.interval, a duration of 1s or more",
			"logs.max-length=99, apm.skywalking.logs.max-length, a whole number of 100 or more",
			"logs.queue-size=0, apm.skywalking.logs.queue-size, a whole number of 16 or more" })
	void wrongValueFailsTheStart(String value, String property, String allowed) {
		this.runner.withPropertyValues("apm.skywalking.logs.enabled=true", "apm.skywalking." + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(ApmConfigurationException.class)
				.satisfies((failure) -> assertThat(failure.toString() + ((ApmConfigurationException) failure))
					.contains(property)
					.contains(allowed)));
	}

	private static int appenders() {
		int count = 0;
		Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		for (Iterator<? extends Appender<?>> all = root.iteratorForAppenders(); all.hasNext();) {
			count += "apm4j".equals(all.next().getName()) ? 1 : 0;
		}
		return count;
	}

}
