package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.SegmentExporter;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Applications with all of Spring Boot's auto-configurations that are here, the bridges
 * to Brave and OpenTelemetry included, as they start, stop and start again.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationLifecycleTests {

	private Set<Object> accessors = Set.of();

	private Set<Thread> threads = Set.of();

	@BeforeEach
	void remember() {
		this.accessors = accessors();
		this.threads = apmThreads();
	}

	@AfterEach
	void nothingIsLeft() {
		assertThat(apmThreads()).isEqualTo(this.threads);
		assertThat(accessors()).isEqualTo(this.accessors);
	}

	private static Set<Object> accessors() {
		return ContextRegistry.getInstance()
			.getThreadLocalAccessors()
			.stream()
			.map(ThreadLocalAccessor::key)
			.collect(Collectors.toSet());
	}

	private static Set<Thread> apmThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("apm-"))
			.collect(Collectors.toSet());
	}

	private static ConfigurableApplicationContext run(Class<?> application, String... arguments) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE).run(arguments);
	}

	private static void assertTraces(ApplicationContext context) {
		Span span = context.getBean(Tracer.class).nextSpan().name("work").start();
		span.end();
		EmbeddedStore store = context.getBean(EmbeddedStore.class);
		await().until(() -> store.find(span.context().traceId()).isPresent());
	}

	@Test
	void observationsMetersAndTracesWorkTogether(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(Application.class)) {
			ObservationRegistry observations = context.getBean(ObservationRegistry.class);
			Observation observation = Observation.createNotStarted("order.place", observations);
			String trace = observation
				.observe(() -> context.getBean(Tracer.class).currentTraceContext().context().traceId());
			EmbeddedStore store = context.getBean(EmbeddedStore.class);
			await().until(() -> store.find(trace).isPresent());
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("order.place").timer().count()).isOne();
			assertThat(meters.find("apm.segments.sent").functionCounter()).isNotNull();
			assertThat(output).doesNotContain("not eligible for getting processed").doesNotContain("apm4j is off");
			assertThat(output).containsOnlyOnce("traces 'application' to embedded");
		}
	}

	@Test
	void lazyApplicationIsTraced(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(Application.class,
				"--spring.main.lazy-initialization=true")) {
			assertThat(output).contains("traces 'application' to embedded");
			assertThat(apmThreads()).hasSize(this.threads.size() + 2);
			assertTraces(context);
			assertThat(accessors()).hasSizeGreaterThan(this.accessors.size());
		}
	}

	@Test
	void applicationStartsAgainAfterItsContextWasClosedTwice() {
		for (int i = 0; i < 3; i++) {
			ConfigurableApplicationContext context = run(Application.class);
			assertTraces(context);
			context.close();
			context.close();
			nothingIsLeft();
		}
	}

	@Test
	void twentyContextsDontDisturbEachOther() {
		List<ConfigurableApplicationContext> contexts = new ArrayList<>();
		try {
			for (int i = 0; i < 20; i++) {
				contexts.add(run(Minimal.class));
			}
			assertThat(apmThreads()).hasSize(this.threads.size() + 40);
			contexts.remove(0).close();
			contexts.forEach(ApplicationLifecycleTests::assertTraces);
		}
		finally {
			contexts.forEach(ConfigurableApplicationContext::close);
		}
	}

	@Test
	void startThatFailsLeavesNothing() {
		assertThatThrownBy(() -> run(Broken.class)).hasMessageContaining("broken");
	}

	@Test
	void childSharesWhatItsParentHas(CapturedOutput output) {
		try (ConfigurableApplicationContext parent = run(Application.class);
				ConfigurableApplicationContext child = new SpringApplicationBuilder(Application.class).parent(parent)
					.web(WebApplicationType.NONE)
					.run()) {
			assertThat(child.getBean(ApmTracer.class)).isSameAs(parent.getBean(ApmTracer.class));
			assertThat(child.getBean(ExportPipeline.class)).isSameAs(parent.getBean(ExportPipeline.class));
			assertThat(apmThreads()).hasSize(this.threads.size() + 2);
			assertTraces(child);
			child.close();
			assertTraces(parent);
			assertThat(output).containsOnlyOnce("traces 'application' to embedded");
		}
	}

	@Test
	void siblingsHaveTheirOwn() {
		try (ConfigurableApplicationContext parent = run(Plain.class);
				ConfigurableApplicationContext one = child(parent);
				ConfigurableApplicationContext other = child(parent)) {
			assertThat(one.getBean(ApmTracer.class)).isNotSameAs(other.getBean(ApmTracer.class));
			other.close();
			assertTraces(one);
		}
	}

	private static ConfigurableApplicationContext child(ConfigurableApplicationContext parent) {
		return new SpringApplicationBuilder(Minimal.class).parent(parent).web(WebApplicationType.NONE).run();
	}

	@Test
	void backendMayUseClientsThatAreObservedThemselves() {
		try (ConfigurableApplicationContext context = run(ClientBackend.class, "--apm.backend=client,embedded")) {
			Observation.createNotStarted("order.place", context.getBean(ObservationRegistry.class)).observe(() -> {
			});
			ClientExporter exporter = context.getBean(ClientExporter.class);
			await().until(() -> exporter.exported.contains("order.place"));
		}
	}

	@Test
	void whatIsTracedWhileBeansAreMadeAndDestroyedIsNotLost() {
		ClientExporter exporter;
		try (ConfigurableApplicationContext context = run(EarlyAndLate.class, "--apm.backend=client")) {
			exporter = context.getBean(ClientExporter.class);
			await().until(() -> exporter.exported.contains("made"));
		}
		assertThat(exporter.exported).containsExactly("made", "destroyed");
	}

	@Test
	void handlerOfTheUserMayNeedTheTracer(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(UsersHandler.class)) {
			Observation.createNotStarted("order.place", context.getBean(ObservationRegistry.class)).observe(() -> {
			});
			assertThat(context.getBean(TaggingHandler.class).tagged).isTrue();
			assertThat(output).doesNotContain("not eligible for getting processed");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ApmTracingAutoConfiguration.class, EmbeddedBackendAutoConfiguration.class,
			ContextPropagationInstrumentationAutoConfiguration.class })
	static class Minimal {

	}

	@Configuration(proxyBeanMethods = false)
	static class Plain {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Broken {

		@Bean
		Object broken(ApmTracer tracer) {
			tracer.nextSpan().start().end();
			throw new IllegalStateException("broken");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ClientBackend {

		@Bean
		ClientExporter clientExporter(RestClient.Builder builder, MeterRegistry meters) {
			return new ClientExporter(builder.build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class EarlyAndLate {

		@Bean
		DisposableBean worker(Tracer tracer) {
			tracer.nextSpan().name("made").start().end();
			return () -> tracer.nextSpan().name("destroyed").start().end();
		}

		@Bean
		ClientExporter clientExporter(RestClient.Builder builder) {
			return new ClientExporter(builder.build());
		}

	}

	static class ClientExporter implements SegmentExporter {

		final List<String> exported = new CopyOnWriteArrayList<>();

		final RestClient client;

		ClientExporter(RestClient client) {
			this.client = client;
		}

		@Override
		public String name() {
			return "client";
		}

		@Override
		public void export(List<Segment> batch) {
			batch.forEach((segment) -> this.exported.add(segment.root().name()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class UsersHandler {

		@Bean
		TaggingHandler taggingHandler(Tracer tracer, MeterRegistry meters) {
			return new TaggingHandler(tracer);
		}

	}

	static class TaggingHandler implements ObservationHandler<Observation.Context> {

		private final Tracer tracer;

		boolean tagged;

		TaggingHandler(Tracer tracer) {
			this.tracer = tracer;
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			this.tagged = this.tracer.currentSpan() != null;
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
