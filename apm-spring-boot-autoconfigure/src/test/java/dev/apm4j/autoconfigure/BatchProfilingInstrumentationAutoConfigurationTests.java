package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

import dev.apm4j.annotation.BatchProfiling;
import dev.apm4j.autoconfigure.CollectedSegments.TracerConfiguration;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BatchProfilingInstrumentationAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(AopAutoConfiguration.class, BatchProfilingInstrumentationAutoConfiguration.class))
		.withUserConfiguration(TracerConfiguration.class)
		.withBean(Importer.class);

	@Test
	void callIsJobWithOutcome() {
		this.contextRunner.run((context) -> {
			context.getBean(Importer.class).run();
			SpanData root = context.getBean(CollectedSegments.class).onlyRoot();
			assertThat(root.name()).isEqualTo("Importer.run");
			assertThat(root.kind()).isNull();
			assertThat(root.attributes()).containsEntry("apm.job.type", "batch")
				.containsEntry("apm.job.outcome", "success")
				.containsEntry("code.function.name", Importer.class.getCanonicalName() + ".run");
		});
	}

	@Test
	void failureIsOutcomeAndReachesCallerUnchanged() {
		this.contextRunner.run((context) -> {
			IOException failure = new IOException("disk");
			assertThatThrownBy(() -> context.getBean(Importer.class).fail(failure)).isSameAs(failure);
			SpanData root = context.getBean(CollectedSegments.class).onlyRoot();
			assertThat(root.name()).isEqualTo("nightly");
			assertThat(root.error()).isSameAs(failure);
			assertThat(root.attribute("apm.job.outcome")).isEqualTo("failure");
		});
	}

	@Test
	void jobInsideTraceIsSegmentThatRefersToItsCaller() {
		this.contextRunner.run((context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			ApmSpan request = tracer.nextSpan().name("request").start();
			try (Tracer.SpanInScope scope = tracer.withSpan(request)) {
				context.getBean(Importer.class).run();
			}
			SpanData root = context.getBean(CollectedSegments.class).onlyRoot();
			assertThat(root.parentId()).isEqualTo(request.spanId());
			assertThat(context.getBean(CollectedSegments.class).all().get(0).traceId()).isEqualTo(request.traceId());
		});
	}

	@Test
	void asynchronousJobEndsWithItsResult() {
		this.contextRunner.run((context) -> {
			CompletableFuture<Void> result = new CompletableFuture<>();
			context.getBean(Importer.class).async(result);
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
			result.completeExceptionally(new IOException("late"));
			SpanData root = context.getBean(CollectedSegments.class).onlyRoot();
			assertThat(root.error()).hasMessage("late");
			assertThat(root.attribute("apm.job.outcome")).isEqualTo("failure");
		});
	}

	@Test
	void reactiveJobEndsWithItsSubscription() {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(Importer.class).reactive().block()).isEqualTo("done");
			assertThat(context.getBean(CollectedSegments.class).onlyRoot().attribute("apm.job.outcome"))
				.isEqualTo("success");
		});
	}

	@Test
	void nothingHappensWhereTracingIsSuppressed() {
		this.contextRunner.run((context) -> {
			try (Tracer.SpanInScope suppressed = context.getBean(ApmTracer.class).suppress()) {
				context.getBean(Importer.class).run();
			}
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
		});
	}

	@Test
	void switchTurnsItOff() {
		this.contextRunner.withPropertyValues("apm.instrumentation.batch-profiling.enabled=false")
			.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Importer.class))).isFalse());
	}

	static class Importer {

		@BatchProfiling
		public void run() {
		}

		@BatchProfiling("nightly")
		public void fail(IOException failure) throws IOException {
			throw failure;
		}

		@BatchProfiling
		public CompletableFuture<Void> async(CompletableFuture<Void> result) {
			return result;
		}

		@BatchProfiling
		public Mono<String> reactive() {
			return Mono.just("done");
		}

	}

}
