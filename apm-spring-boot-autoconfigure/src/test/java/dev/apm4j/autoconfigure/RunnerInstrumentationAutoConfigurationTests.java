package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.apm4j.annotation.BatchProfiling;
import dev.apm4j.annotation.MethodProfiling;
import dev.apm4j.autoconfigure.CollectedSegments.TracerConfiguration;
import dev.apm4j.trace.SpanData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class RunnerInstrumentationAutoConfigurationTests {

	@Test
	void everyRunnerIsJobUnderItsBeanNameInItsOrder(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(Runners.class)) {
			CollectedSegments segments = context.getBean(CollectedSegments.class);
			assertThat(segments.roots()).extracting(SpanData::name)
				.containsExactly("first", "second", "third", "fourth", "fifth");
			assertThat(segments.roots()).allSatisfy((root) -> {
				assertThat(root.kind()).isNull();
				assertThat(root.attributes()).containsEntry("apm.job.type", "runner")
					.containsEntry("apm.job.outcome", "success");
			});
			assertThat(segments.roots()).filteredOn("name", "second")
				.singleElement()
				.satisfies((root) -> assertThat(root.attribute("code.function.name"))
					.isEqualTo(OrderedRunner.class.getCanonicalName() + ".run"));
			assertThat(context.getBean("calls")).isEqualTo(List.of("first[a]", "second", "third", "fourth", "fifth"));
			assertThat(context.getBean(NeedsRunner.class).runner.name()).isEqualTo("injected by class");
		}
		assertThat(output).doesNotContain("not eligible for getting processed").doesNotContain("is not traced");
	}

	@Test
	void failingRunnerFailsApplicationAsEverAndIsInSpan() {
		AtomicReference<CollectedSegments> kept = new AtomicReference<>();
		SpringApplication application = application(FailingRunner.class);
		application.addListeners((ApplicationListener<ApplicationStartedEvent>) (event) -> kept
			.set(event.getApplicationContext().getBean(CollectedSegments.class)));
		assertThatThrownBy(() -> application.run()).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("Failed to execute")
			.hasRootCauseMessage("import failed");
		SpanData root = kept.get().onlyRoot();
		assertThat(root.name()).isEqualTo("failing");
		assertThat(root.error()).hasMessage("import failed");
		assertThat(root.attribute("apm.job.outcome")).isEqualTo("failure");
	}

	@Test
	void finalRunnerThatMayBeInjectedByClassIsLeftAloneAndTold(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(FinalRunner.class)) {
			assertThat(context.getBean(FinalRunner.class).runs).isEqualTo(1);
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
		}
		assertThat(output).contains("is not traced: the class is final");
	}

	@Test
	void annotationsOnRunnerAddToItsSpan() {
		try (ConfigurableApplicationContext context = run(AnnotatedRunner.class)) {
			SpanData root = context.getBean(CollectedSegments.class).onlyRoot();
			assertThat(context.getBean(CollectedSegments.class).all().get(0).size()).isEqualTo(1);
			assertThat(root.name()).isEqualTo("nightly import");
			assertThat(root.attribute("apm.job.type")).isEqualTo("runner");
		}
	}

	@Test
	void runnersThatNeedEachOtherStillStart() {
		SpringApplication application = application(Circular.class);
		application.setAllowCircularReferences(true);
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(context.getBean(CollectedSegments.class).roots()).extracting(SpanData::name)
				.containsExactlyInAnyOrder("one", "two");
			// Spring heals a proxy that comes too late by creating the beans again.
			assertThat(context.getBean(Circular.class).created).isEqualTo(2);
		}
	}

	@Test
	void switchTurnsItOff() {
		try (ConfigurableApplicationContext context = application(Runners.class)
			.run("--apm.instrumentation.runners.enabled=false")) {
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
		}
	}

	private static ConfigurableApplicationContext run(Class<?> source) {
		return application(source).run("a");
	}

	private static SpringApplication application(Class<?> source) {
		SpringApplication application = new SpringApplication(Application.class, source);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	@Import(TracerConfiguration.class)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, RunnerInstrumentationAutoConfiguration.class,
			BatchProfilingInstrumentationAutoConfiguration.class,
			MethodProfilingInstrumentationAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Runners {

		@Bean
		List<String> calls() {
			return new ArrayList<>();
		}

		@Bean
		@Order(1)
		CommandLineRunner first(List<String> calls) {
			return (args) -> calls.add("first" + List.of(args).subList(0, Math.min(args.length, 1)));
		}

		@Bean
		OrderedRunner second(List<String> calls) {
			return new OrderedRunner(calls);
		}

		@Bean
		AnnotatedOrderRunner third(List<String> calls) {
			return new AnnotatedOrderRunner(calls);
		}

		@Bean
		CommandLineRunner fourth(List<String> calls) {
			return new HiddenFinalRunner(calls);
		}

		@Bean
		@Order(5)
		ApplicationRunner fifth(List<String> calls) {
			return new ApplicationRunner() {

				@Override
				public void run(ApplicationArguments args) {
					calls.add("fifth");
				}

			};
		}

		@Bean
		NeedsRunner needsRunner(OrderedRunner runner) {
			return new NeedsRunner(runner);
		}

	}

	record NeedsRunner(OrderedRunner runner) {
	}

	static class OrderedRunner implements ApplicationRunner, Ordered {

		private final List<String> calls;

		OrderedRunner(List<String> calls) {
			this.calls = calls;
		}

		@Override
		public void run(ApplicationArguments args) {
			this.calls.add("second");
		}

		String name() {
			return (this.calls != null) ? "injected by class" : "without state";
		}

		@Override
		public int getOrder() {
			return 2;
		}

	}

	@Order(3)
	static class AnnotatedOrderRunner implements CommandLineRunner {

		private final List<String> calls;

		AnnotatedOrderRunner(List<String> calls) {
			this.calls = calls;
		}

		@Override
		public void run(String... args) {
			this.calls.add("third");
		}

	}

	@Order(4)
	static final class HiddenFinalRunner implements CommandLineRunner {

		private final List<String> calls;

		HiddenFinalRunner(List<String> calls) {
			this.calls = calls;
		}

		@Override
		public void run(String... args) {
			this.calls.add("fourth");
		}

	}

	static class FailingRunner {

		@Bean
		CommandLineRunner failing() {
			return (args) -> {
				throw new IOException("import failed");
			};
		}

	}

	static final class FinalRunner implements CommandLineRunner {

		private int runs;

		@Override
		public void run(String... args) {
			this.runs++;
		}

	}

	static class AnnotatedRunner implements CommandLineRunner {

		@Override
		@BatchProfiling("nightly import")
		@MethodProfiling
		public void run(String... args) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Circular {

		private int created;

		@Bean
		First one() {
			this.created++;
			return new First();
		}

		@Bean
		Second two() {
			this.created++;
			return new Second();
		}

	}

	static class First implements CommandLineRunner {

		@Autowired
		private Second second;

		@Override
		public void run(String... args) {
			assertThat(this.second).isNotNull();
		}

	}

	static class Second implements CommandLineRunner {

		@Autowired
		private First first;

		@Override
		public void run(String... args) {
			assertThat(this.first).isNotNull();
		}

	}

}
