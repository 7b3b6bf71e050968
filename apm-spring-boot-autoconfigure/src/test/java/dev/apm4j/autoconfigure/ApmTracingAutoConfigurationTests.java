package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.SegmentExporter;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import io.micrometer.context.ContextRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;

import org.springframework.boot.actuate.autoconfigure.tracing.BraveAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.NoopTracerAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ApmTracingAutoConfiguration} and its properties.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApmTracingAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
				EmbeddedBackendAutoConfiguration.class, LoggingInstrumentationAutoConfiguration.class,
				ContextPropagationInstrumentationAutoConfiguration.class));

	@Test
	void tracesIntoTheEmbeddedStoreWithoutAnyProperty(CapturedOutput output) {
		this.runner.withPropertyValues("spring.application.name=shop").run((context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			Span span = tracer.nextSpan().name("GET /orders/{id}").start();
			span.end();
			EmbeddedStore store = context.getBean(EmbeddedStore.class);
			await().until(() -> store.find(span.context().traceId()).isPresent());
			assertThat(output).contains("traces 'shop' to embedded, sampling 100.0 %, without a page");
		});
	}

	@Test
	void usersTracerMakesItBackOffAndSaySo(CapturedOutput output) {
		this.runner.withUserConfiguration(UsersTracer.class).run((context) -> {
			assertThat(context).hasSingleBean(Tracer.class);
			assertThat(context).doesNotHaveBean(ApmTracer.class);
			assertThat(context).doesNotHaveBean(ExportPipeline.class);
			assertThat(output).contains("apm4j is off: the application has a Tracer bean of its own");
		});
	}

	@Test
	void bridgeToAnotherTracerThatIsLeftUnusedIsSaid(CapturedOutput output) {
		this.runner.run((context) -> assertThat(output).contains("micrometer-tracing-bridge-brave on the class path")
			.contains("apm.enabled=false"));
	}

	@Test
	void withoutAnotherBridgeNothingIsSaidOfOne(CapturedOutput output) {
		this.runner
			.withClassLoader(
					new FilteredClassLoader("io.micrometer.tracing.brave.bridge", "io.micrometer.tracing.otel.bridge"))
			.run((context) -> assertThat(output).contains("traces '").doesNotContain("apm4j is the tracer now"));
	}

	@Test
	void bootsOwnTracersBackOff() {
		this.runner.withConfiguration(AutoConfigurations.of(BraveAutoConfiguration.class,
				NoopTracerAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).hasSingleBean(Tracer.class);
				assertThat(context.getBean(Tracer.class)).isInstanceOf(ApmTracer.class);
				assertThat(context.getBean(Propagator.class)).isInstanceOf(ApmPropagator.class);
			});
	}

	@Test
	void agentThatIsOffLeavesOnlyATracerThatDoesNothing() {
		this.runner.withConfiguration(AutoConfigurations.of(ApmDisabledAutoConfiguration.class))
			.withPropertyValues("apm.enabled=false")
			.run((context) -> {
				assertThat(context.getBean(Tracer.class)).isSameAs(Tracer.NOOP);
				assertThat(context.getBean(Propagator.class)).isSameAs(Propagator.NOOP);
				assertThat(context).doesNotHaveBean(ExportPipeline.class);
				assertThat(context).doesNotHaveBean(EmbeddedStore.class);
				assertThat(apmThreads()).isEmpty();
			});
	}

	@Test
	void agentThatIsOffLeavesTheFieldToOthers() {
		this.runner.withConfiguration(AutoConfigurations.of(ApmDisabledAutoConfiguration.class))
			.withUserConfiguration(UsersTracer.class)
			.withPropertyValues("apm.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(Tracer.class).hasBean("usersTracer"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "apm.sampling.rate=2 | 'apm.sampling.rate' is '2.0' | 0.0 to 1.0",
			"apm.sampling.max-per-three-seconds=-1 | 'apm.sampling.max-per-three-seconds' is '-1' | 0 or more",
			"apm.sampling.keep-slow=-1s | 'apm.sampling.keep-slow' | 0 or more",
			"apm.limits.spans=0 | 'apm.limits.spans' is '0' | 1 or more",
			"apm.limits.text-length=3 | 'apm.limits.text-length' is '3' | 16 or more",
			"apm.backend=nonsense | 'apm.backend' is 'nonsense' | embedded",
			"apm.propagation.consume=xyz | 'apm.propagation.consume' is 'xyz' | w3c, baggage, b3, b3-multi, sw8, whatap",
			"apm.export.batch-size=0 | 'apm.export.batch-size' is '0' | from 1 to",
			"apm.baggage.remote-fields=a b | 'apm.baggage.remote-fields' is 'a b' | HTTP headers",
			"apm.embedded.max-size=1KB | 'apm.embedded.max-size' | 1MB or more",
			"apm.embedded.slow=0s | 'apm.embedded.slow' | more than 0",
			"management.tracing.sampling.probability=7 | 'management.tracing.sampling.probability' is '7.0' | 0.0 to 1.0" })
	void wrongValueFailsTheStartWithItsNameAndWhatIsAllowed(String property, String name, String allowed) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(ApmConfigurationException.class)
				.hasMessageContaining(name)
				.hasMessageContaining(allowed);
		});
	}

	@Test
	void backendOfTheUsersOwnIsChosenByItsName() {
		this.runner.withUserConfiguration(UsersBackend.class)
			.withPropertyValues("apm.backend=embedded,collecting")
			.run((context) -> {
				context.getBean(Tracer.class).nextSpan().name("job").start().end();
				CollectingExporter exporter = context.getBean(CollectingExporter.class);
				await().until(() -> exporter.names.contains("job"));
				assertThat(context.getBean(ExportPipeline.class).backends()).hasSize(2);
			});
	}

	@Test
	void whatEndedBeforeTheContextClosedIsFlushed() {
		List<String> names = new CopyOnWriteArrayList<>();
		this.runner.withUserConfiguration(UsersBackend.class)
			.withPropertyValues("apm.backend=collecting", "apm.export.linger=1m", "apm.export.poll-interval=10s")
			.run((context) -> {
				CollectingExporter exporter = context.getBean(CollectingExporter.class);
				context.getBean(Tracer.class).nextSpan().name("short job").start().end();
				context.close();
				names.addAll(exporter.names);
			});
		assertThat(names).containsExactly("short job");
	}

	@Test
	void testsOfBootSwitchExportOffButNotTheEmbeddedStore() {
		this.runner.withUserConfiguration(UsersBackend.class)
			.withPropertyValues("apm.backend=embedded,collecting", "management.tracing.enabled=false")
			.run((context) -> assertThat(context.getBean(ExportPipeline.class).backends()).singleElement()
				.satisfies((backend) -> assertThat(backend.name()).isEqualTo("embedded")));
	}

	@Test
	void rateOfBootsOwnTracingIsTakenOverUnlessThereIsAnOwnOne() {
		this.runner.withPropertyValues("management.tracing.sampling.probability=0.25")
			.run((context) -> assertThat(context.getBean(ApmTracer.class).samplingPolicy().rate()).isEqualTo(0.25));
		this.runner.withPropertyValues("management.tracing.sampling.probability=0.25", "apm.sampling.rate=0.5")
			.run((context) -> assertThat(context.getBean(ApmTracer.class).samplingPolicy().rate()).isEqualTo(0.5));
	}

	@Test
	void logsNameTheTraceAndTheBaggageThatWasChosen() {
		this.runner.withPropertyValues("apm.baggage.correlation-fields=tenant", "apm.baggage.tag-fields=tenant")
			.run((context) -> {
				Tracer tracer = context.getBean(Tracer.class);
				Span span = tracer.nextSpan().start();
				try (Tracer.SpanInScope scope = tracer.withSpan(span);
						var baggage = tracer.createBaggageInScope("tenant", "blue")) {
					assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("traceId", span.context().traceId(),
							"spanId", span.context().spanId(), "tenant", "blue"));
				}
				assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
			});
	}

	@Test
	void baggageOfACallerCannotForgeALogLine() {
		this.runner.withPropertyValues("apm.baggage.correlation-fields=tenant").run((context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			try (Tracer.SpanInScope scope = tracer.withSpan(tracer.nextSpan().start());
					var baggage = tracer.createBaggageInScope("tenant", "blue\r\n2026 ERROR forged")) {
				assertThat(MDC.get("tenant")).isEqualTo("blue__2026 ERROR forged");
			}
		});
	}

	@Test
	void twoContextsInOneJvmDontDisturbEachOtherAndLeaveNothing() {
		int accessors = ContextRegistry.getInstance().getThreadLocalAccessors().size();
		this.runner.run((one) -> this.runner.run((other) -> {
			ApmTracer first = one.getBean(ApmTracer.class);
			ApmTracer second = other.getBean(ApmTracer.class);
			try (Tracer.SpanInScope scope = first.withSpan(first.nextSpan().start())) {
				assertThat(second.currentSpan()).isNull();
			}
			other.close();
			Span span = first.nextSpan().start();
			span.end();
			await().until(() -> one.getBean(EmbeddedStore.class).find(span.context().traceId()).isPresent());
			assertThat(apmThreads()).hasSize(2);
		}));
		assertThat(apmThreads()).isEmpty();
		assertThat(ContextRegistry.getInstance().getThreadLocalAccessors()).hasSize(accessors);
	}

	@Test
	void startThatFailsLeavesNoThread() {
		this.runner.withPropertyValues("apm.sampling.rate=2").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(apmThreads()).isEmpty();
		});
	}

	@Test
	void sinkThatThrowsDoesNotReachTheRequest() {
		this.runner.withBean("failing", SegmentSink.class, () -> (segment) -> {
			throw new IllegalStateException("broken");
		}).run((context) -> {
			Span span = context.getBean(Tracer.class).nextSpan().start();
			span.end();
			EmbeddedStore store = context.getBean(EmbeddedStore.class);
			await().until(() -> store.find(span.context().traceId()).isPresent());
		});
	}

	private static List<String> apmThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("apm-"))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class UsersTracer {

		@Bean
		Tracer usersTracer() {
			return Tracer.NOOP;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsersBackend {

		@Bean
		CollectingExporter collectingExporter() {
			return new CollectingExporter();
		}

	}

	static class CollectingExporter implements SegmentExporter {

		final List<String> names = new CopyOnWriteArrayList<>();

		@Override
		public String name() {
			return "collecting";
		}

		@Override
		public void export(List<Segment> batch) {
			batch.forEach((segment) -> this.names.add(segment.root().name()));
		}

	}

}
