package dev.apm4j.autoconfigure;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.apm4j.annotation.BatchProfiling;
import dev.apm4j.annotation.MethodProfiling;
import dev.apm4j.autoconfigure.CollectedSegments.TracerConfiguration;
import dev.apm4j.instrument.observation.ApmObservationHandler;
import dev.apm4j.instrument.observation.Treatment;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.scheduling.ScheduledTasksObservabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.task.ThreadPoolTaskSchedulerCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.support.ScheduledMethodRunnable;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduledInstrumentationAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, TaskSchedulingAutoConfiguration.class,
				ScheduledInstrumentationAutoConfiguration.class, BatchProfilingInstrumentationAutoConfiguration.class,
				MethodProfilingInstrumentationAutoConfiguration.class))
		.withUserConfiguration(TracerConfiguration.class, Scheduling.class);

	private final ApplicationContextRunner withActuator = this.contextRunner.withConfiguration(AutoConfigurations
		.of(ObservationAutoConfiguration.class, ScheduledTasksObservabilityAutoConfiguration.class));

	private final ApplicationContextRunner withObservedSpans = this.withActuator
		.withUserConfiguration(ObservedSpans.class);

	@Test
	void eachWayOfSchedulingMakesJobs() {
		this.contextRunner.withBean(Jobs.class).run((context) -> {
			CollectedSegments segments = context.getBean(CollectedSegments.class);
			for (String method : new String[] { "rate", "delay", "cron", "packagePrivate", "hidden", "meta",
					"repeated" }) {
				SpanData root = segments.await((span) -> span.name().equals("Jobs." + method)).root();
				assertThat(root.kind()).isNull();
				assertThat(root.parentId()).isNull();
				assertThat(root.attributes()).containsEntry("apm.job.type", "scheduled")
					.containsEntry("apm.job.outcome", "success")
					.containsEntry("code.function.name", Jobs.class.getCanonicalName() + "." + method);
			}
			assertThat(AopUtils.isAopProxy(context.getBean(Jobs.class))).isFalse();
		});
	}

	@Test
	void spanIsCurrentInJobAndEachRunIsTraceOfItsOwn() {
		this.contextRunner.withBean(CurrentJob.class).run((context) -> {
			CollectedSegments segments = context.getBean(CollectedSegments.class);
			Awaitility.await().until(() -> segments.all().size() >= 2);
			assertThat(segments.all().get(0).traceId()).isNotEqualTo(segments.all().get(1).traceId());
			assertThat(context.getBean(CurrentJob.class).traceId.get())
				.isIn(segments.all().stream().map(Segment::traceId).toList());
		});
	}

	@Test
	void failureIsInSpanAndReachesErrorHandlerAndJobGoesOn() {
		AtomicReference<Throwable> handled = new AtomicReference<>();
		this.contextRunner
			.withBean(ThreadPoolTaskSchedulerCustomizer.class,
					() -> (scheduler) -> scheduler.setErrorHandler(handled::set))
			.withBean(FailingJob.class)
			.run((context) -> {
				CollectedSegments segments = context.getBean(CollectedSegments.class);
				Awaitility.await().until(() -> segments.all().size() >= 2);
				SpanData root = segments.roots().get(0);
				assertThat(root.error()).isInstanceOf(IllegalStateException.class).hasMessage("broken");
				assertThat(root.attribute("apm.job.outcome")).isEqualTo("failure");
				assertThat(handled.get()).isInstanceOf(IllegalStateException.class).hasMessage("broken");
			});
	}

	@Test
	void beanBehindClassProxyIsNamedByItsClass() {
		this.contextRunner.withUserConfiguration(ProxiedJobs.class)
			.run((context) -> context.getBean(CollectedSegments.class)
				.await((root) -> root.name().equals("CurrentJob.run")));
	}

	@Test
	void beanBehindInterfaceProxyIsNamedByItsInterface() {
		this.contextRunner.withUserConfiguration(InterfaceProxiedJobs.class)
			.run((context) -> context.getBean(CollectedSegments.class).await((root) -> root.name().equals("Job.work")));
	}

	@Test
	void reactiveMethodIsJobForEachSubscription() {
		this.contextRunner.withBean(ReactiveJob.class).run((context) -> {
			CollectedSegments segments = context.getBean(CollectedSegments.class);
			Awaitility.await().until(() -> segments.all().size() >= 2);
			assertThat(segments.roots()).allSatisfy((root) -> {
				assertThat(root.name()).isEqualTo("ReactiveJob.run");
				assertThat(root.attribute("apm.job.type")).isEqualTo("scheduled");
			});
		});
	}

	@Test
	void annotationsOnScheduledMethodAddToItsSpan() {
		this.contextRunner.withBean(AnnotatedJob.class).run((context) -> {
			Segment segment = context.getBean(CollectedSegments.class).await((root) -> true);
			assertThat(segment.size()).isEqualTo(1);
			assertThat(segment.root().name()).isEqualTo("cleanup");
			assertThat(segment.root().attribute("apm.job.type")).isEqualTo("scheduled");
		});
	}

	@Test
	void jobCalledByJobIsSegmentOfItsOwn() {
		this.contextRunner.withBean(CallingJob.class).withBean(CalledJob.class).run((context) -> {
			Segment called = context.getBean(CollectedSegments.class)
				.await((root) -> root.name().equals("CalledJob.work"));
			Segment calling = context.getBean(CollectedSegments.class)
				.await((root) -> root.name().equals("CallingJob.run")
						&& root.spanId().equals(called.root().parentId()));
			assertThat(called.traceId()).isEqualTo(calling.traceId());
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void jobsRunOnVirtualThreads() {
		this.contextRunner.withPropertyValues("spring.threads.virtual.enabled=true")
			.withBean(CurrentJob.class)
			.run((context) -> {
				Segment segment = context.getBean(CollectedSegments.class)
					.await((root) -> root.name().equals("CurrentJob.run"));
				assertThat(segment.size()).isEqualTo(1);
			});
	}

	@Test
	void withObservationBridgeThereIsOneSpanAndMetersStillCount() {
		this.withObservedSpans.withBean(CurrentJob.class).run((context) -> {
			Segment segment = context.getBean(CollectedSegments.class).await((root) -> true);
			assertThat(segment.size()).isEqualTo(1);
			assertThat(segment.root().name()).isEqualTo("CurrentJob.run");
			assertThat(segment.root().attributes()).containsEntry("apm.job.type", "scheduled")
				.containsEntry("apm.job.outcome", "success");
			Awaitility.await().until(() -> context.getBean(CountingHandler.class).stopped > 0);
		});
	}

	@Test
	void withObservationBridgeAnnotationsStillMakeNoSecondSpan() {
		this.withObservedSpans.withBean(AnnotatedJob.class).run((context) -> {
			CollectedSegments segments = context.getBean(CollectedSegments.class);
			Awaitility.await().until(() -> segments.all().size() >= 2);
			assertThat(segments.all()).allSatisfy((segment) -> {
				assertThat(segment.size()).isEqualTo(1);
				assertThat(segment.root().attribute("apm.job.type")).isEqualTo("scheduled");
			});
		});
	}

	@Test
	void observationsWithoutBridgeKeepTheirHandlersAndJobsAreTraced() {
		this.withActuator.withBean(CountingHandler.class).withBean(CurrentJob.class).run((context) -> {
			SpanData root = context.getBean(CollectedSegments.class).await((span) -> true).root();
			assertThat(root.name()).isEqualTo("CurrentJob.run");
			Awaitility.await().until(() -> context.getBean(CountingHandler.class).stopped > 0);
		});
	}

	@Test
	void sharedRegistryIsLeftWhenContextCloses() {
		ObservationRegistry shared = ObservationRegistry.create();
		shared.observationConfig().observationHandler(new CountingHandler());
		this.withActuator.withBean(ObservationRegistry.class, () -> shared)
			.withBean(CurrentJob.class)
			.run((context) -> {
				CollectedSegments segments = context.getBean(CollectedSegments.class);
				segments.await((root) -> true);
				context.close();
				int before = segments.all().size();
				new ScheduledMethodRunnable(new FailingJob(), FailingJob.class.getMethod("ok"), null, () -> shared)
					.run();
				assertThat(segments.all()).hasSize(before);
			});
	}

	@Test
	void switchTurnsItOff() {
		this.contextRunner.withPropertyValues("apm.instrumentation.scheduled.enabled=false")
			.withBean(CurrentJob.class)
			.run((context) -> {
				Awaitility.await().until(() -> context.getBean(CurrentJob.class).runs >= 2);
				assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
			});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

	}

	@Configuration(proxyBeanMethods = false)
	static class ObservedSpans {

		@Bean
		ApmObservationHandler observationHandler(ApmTracer tracer, ApmPropagator propagator) {
			return new ApmObservationHandler(tracer, propagator, (context) -> Treatment.TRACE);
		}

		@Bean
		CountingHandler countingHandler() {
			return new CountingHandler();
		}

	}

	static class CountingHandler implements ObservationHandler<Observation.Context> {

		private volatile int stopped;

		@Override
		public void onStop(Observation.Context context) {
			this.stopped++;
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Scheduled(fixedRate = 60, timeUnit = TimeUnit.SECONDS)
	@interface EveryMinute {

	}

	static class Jobs {

		@Scheduled(fixedRate = 60_000)
		public void rate() {
		}

		@Scheduled(fixedDelay = 60_000)
		public void delay() {
		}

		@Scheduled(cron = "* * * * * *")
		public void cron() {
		}

		@Scheduled(fixedRate = 60_000)
		void packagePrivate() {
		}

		@Scheduled(fixedRate = 60_000)
		private void hidden() {
		}

		@EveryMinute
		public void meta() {
		}

		@Scheduled(fixedRate = 60_000)
		@Scheduled(fixedRate = 30_000)
		public void repeated() {
		}

	}

	static class CurrentJob {

		private final Tracer tracer;

		final AtomicReference<String> traceId = new AtomicReference<>();

		private volatile int runs;

		CurrentJob(Tracer tracer) {
			this.tracer = tracer;
		}

		@Scheduled(fixedDelay = 20)
		public void run() {
			this.runs++;
			if (this.tracer.currentSpan() != null) {
				this.traceId.compareAndSet(null, this.tracer.currentSpan().context().traceId());
			}
		}

	}

	static class FailingJob {

		@Scheduled(fixedRate = 20)
		public void run() {
			throw new IllegalStateException("broken");
		}

		public void ok() {
		}

	}

	static class ReactiveJob {

		@Scheduled(fixedRate = 20)
		public Mono<Void> run() {
			return Mono.empty();
		}

	}

	static class AnnotatedJob {

		@Scheduled(fixedRate = 20)
		@BatchProfiling("cleanup")
		@MethodProfiling
		public void run() {
		}

	}

	static class CallingJob {

		private final CalledJob called;

		CallingJob(CalledJob called) {
			this.called = called;
		}

		@Scheduled(fixedRate = 20)
		public void run() {
			this.called.work();
		}

	}

	static class CalledJob {

		@BatchProfiling
		public void work() {
		}

	}

	interface Job {

		void work();

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedJobs {

		@Bean
		CurrentJob job(Tracer tracer) {
			ProxyFactory factory = new ProxyFactory(new CurrentJob(tracer));
			factory.setProxyTargetClass(true);
			return (CurrentJob) factory.getProxy();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InterfaceProxiedJobs {

		@Bean
		Job job() {
			return (Job) new ProxyFactory(new InterfaceJob()).getProxy();
		}

	}

	static class InterfaceJob implements Job {

		@Override
		@Scheduled(fixedRate = 20)
		public void work() {
		}

	}

}
