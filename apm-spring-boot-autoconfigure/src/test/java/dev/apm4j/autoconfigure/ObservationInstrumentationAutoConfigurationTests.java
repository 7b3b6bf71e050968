package dev.apm4j.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.apm4j.autoconfigure.CollectedSegments.TracerConfiguration;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanData;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.scheduling.ScheduledTasksObservabilityAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Observations as spans, and what becomes of them beside Spring Boot's own tracing
 * handlers when that is switched off.
 */
class ObservationInstrumentationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				ObservationAutoConfiguration.class, MicrometerTracingAutoConfiguration.class,
				ObservationInstrumentationAutoConfiguration.class, ObservationsSwitchedOffAutoConfiguration.class))
		.withUserConfiguration(TracerConfiguration.class, Properties.class);

	private final ApplicationContextRunner off = this.runner
		.withPropertyValues("apm.instrumentation.observation.enabled=false");

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void switchDecidesWhetherObservationsAreSpansAndMetersCountAnyway(boolean enabled) {
		this.runner.withPropertyValues("apm.instrumentation.observation.enabled=" + enabled).run((context) -> {
			ObservationRegistry registry = context.getBean(ObservationRegistry.class);
			Map<String, String> headers = new HashMap<>();
			Observation.createNotStarted("local", registry).observe(() -> {
			});
			Observation.createNotStarted("server", () -> new ReceiverContext<>(Map<String, String>::get), registry)
				.observe(() -> Observation.createNotStarted("client", () -> sender(headers), registry).observe(() -> {
				}));
			List<String> names = context.getBean(CollectedSegments.class)
				.all()
				.stream()
				.flatMap((segment) -> segment.spans().stream())
				.map(SpanData::name)
				.toList();
			assertThat(names).isEqualTo(enabled ? List.of("local", "server", "client") : List.of());
			assertThat(headers.keySet()).isEqualTo(enabled ? Set.of("traceparent") : Set.of());
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(List.of("local", "server", "client"))
				.allSatisfy((name) -> assertThat(meters.get(name).timer().count()).isEqualTo(1));
		});
	}

	@Test
	void spanAroundStaysTheOnlyOneWhenSwitchedOff() {
		this.off.run((context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			Span request = tracer.nextSpan().name("GET /orders/{id}").start();
			try (Tracer.SpanInScope scope = tracer.withSpan(request)) {
				Observation
					.createNotStarted("http.server.requests", () -> new ReceiverContext<>(Map<String, String>::get),
							context.getBean(ObservationRegistry.class))
					.observe(() -> assertThat(tracer.currentSpan()).isEqualTo(request));
			}
			request.end();
			CollectedSegments segments = context.getBean(CollectedSegments.class);
			assertThat(segments.onlyRoot().name()).isEqualTo("GET /orders/{id}");
			assertThat(segments.all().get(0).size()).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void scheduledMethodsHaveASwitchOfTheirOwn(boolean scheduled) {
		this.off.withConfiguration(AutoConfigurations.of(TaskSchedulingAutoConfiguration.class,
				ScheduledTasksObservabilityAutoConfiguration.class, ScheduledInstrumentationAutoConfiguration.class))
			.withPropertyValues("apm.instrumentation.scheduled.enabled=" + scheduled)
			.withUserConfiguration(Scheduling.class)
			.run((context) -> {
				CollectedSegments segments = context.getBean(CollectedSegments.class);
				await().until(() -> context.getBean(MeterRegistry.class)
					.find("tasks.scheduled.execution")
					.timers()
					.stream()
					.anyMatch((timer) -> timer.count() > 1));
				assertThat(segments.roots().stream().map(SpanData::name).distinct())
					.isEqualTo(scheduled ? List.of("Job.run") : List.of());
				assertThat(segments.all()).allSatisfy((segment) -> assertThat(segment.size()).isEqualTo(1));
			});
	}

	@Test
	void handlerOfTheUsersOwnIsAskedBeforeSpringBoots() {
		this.off.withUserConfiguration(UsersHandler.class).run((context) -> {
			Observation.createNotStarted("work", context.getBean(ObservationRegistry.class)).observe(() -> {
			});
			assertThat(context.getBean(CollectedSegments.class).onlyRoot().name()).isEqualTo("mine");
		});
	}

	private static SenderContext<Map<String, String>> sender(Map<String, String> headers) {
		SenderContext<Map<String, String>> context = new SenderContext<>(Map::put);
		context.setCarrier(headers);
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(ApmProperties.class)
	static class Properties {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

		@Bean
		Job job() {
			return new Job();
		}

	}

	static class Job {

		@Scheduled(fixedRate = 20)
		public void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsersHandler {

		@Bean
		@Order(0)
		TracingObservationHandler<Observation.Context> mine(ApmTracer tracer) {
			return new TracingObservationHandler<>() {

				@Override
				public void onStart(Observation.Context context) {
					ApmSpan span = tracer.nextSpan();
					span.name("mine").start();
					getTracingContext(context).setSpan(span);
				}

				@Override
				public void onStop(Observation.Context context) {
					getRequiredSpan(context).end();
				}

				@Override
				public Tracer getTracer() {
					return tracer;
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			};
		}

	}

}
