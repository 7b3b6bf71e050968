package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import dev.apm4j.annotation.MethodProfiling;
import dev.apm4j.autoconfigure.CollectedSegments.TracerConfiguration;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class MethodProfilingInstrumentationAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class,
				MethodProfilingInstrumentationAutoConfiguration.class))
		.withUserConfiguration(TracerConfiguration.class);

	@Test
	void callInsideTraceIsLocalSpanOfItsCaller() {
		this.contextRunner.withBean(Orders.class).run(inTrace((context) -> {
			assertThat(context.getBean(Orders.class).price()).isEqualTo(42);
		}, (spans) -> {
			assertThat(spans).extracting(SpanData::name).containsExactly("request", "Orders.price");
			SpanData span = spans.get(1);
			assertThat(span.kind()).isNull();
			assertThat(span.parentNumber()).isZero();
			assertThat(span.attribute("code.function.name")).isEqualTo(Orders.class.getCanonicalName() + ".price");
		}));
	}

	@Test
	void callOutsideOfTraceIsOnlyPassedThrough() {
		this.contextRunner.withBean(Orders.class).run((context) -> {
			assertThat(context.getBean(Orders.class).price()).isEqualTo(42);
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
		});
	}

	@Test
	void callWhereTracingIsSuppressedIsOnlyPassedThrough() {
		this.contextRunner.withBean(Orders.class).run((context) -> {
			try (Tracer.SpanInScope suppressed = context.getBean(ApmTracer.class).suppress()) {
				assertThat(context.getBean(Orders.class).price()).isEqualTo(42);
				assertThat(context.getBean(Orders.class).reactive().block()).isNull();
			}
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
		});
	}

	@Test
	void annotationNamesSpan() {
		this.contextRunner.withBean(Orders.class)
			.run(inTrace((context) -> context.getBean(Orders.class).named(),
					(spans) -> assertThat(spans.get(1).name()).isEqualTo("look up stock")));
	}

	@Test
	void exceptionIsInSpanAndReachesCallerUnchanged() {
		this.contextRunner.withBean(Orders.class).run(inTrace((context) -> {
			IOException failure = new IOException("disk");
			Tracer tracer = context.getBean(Tracer.class);
			Span before = tracer.currentSpan();
			assertThatThrownBy(() -> context.getBean(Orders.class).fail(failure)).isSameAs(failure);
			assertThat(tracer.currentSpan()).isSameAs(before);
		}, (spans) -> assertThat(spans.get(1).error()).isInstanceOf(IOException.class).hasMessage("disk")));
	}

	@Test
	void packagePrivateMethodIsTraced() {
		this.contextRunner.withBean(Orders.class)
			.run(inTrace((context) -> context.getBean(Orders.class).packagePrivate(),
					(spans) -> assertThat(spans.get(1).name()).isEqualTo("Orders.packagePrivate")));
	}

	@Test
	void annotationOnClassAppliesToPublicMethodsOnly() {
		this.contextRunner.withBean(Warehouse.class).run(inTrace((context) -> {
			Warehouse warehouse = context.getBean(Warehouse.class);
			warehouse.pick();
			warehouse.internal();
			assertThat(warehouse.toString()).isEqualTo("warehouse");
		}, (spans) -> assertThat(spans).extracting(SpanData::name).containsExactly("request", "stock.pick")));
	}

	@Test
	void annotationOnInterfaceMethodAppliesToImplementation() {
		this.contextRunner.withBean(CardPayment.class)
			.run(inTrace((context) -> context.getBean(Payment.class).pay(),
					(spans) -> assertThat(spans.get(1).name()).isEqualTo("CardPayment.pay")));
	}

	@Test
	void beanBehindInterfaceProxyIsNamedByItsClass() {
		this.contextRunner.withPropertyValues("spring.aop.proxy-target-class=false")
			.withBean(CardPayment.class)
			.run(inTrace((context) -> context.getBean(Payment.class).pay(),
					(spans) -> assertThat(spans.get(1).name()).isEqualTo("CardPayment.pay")));
	}

	@Test
	void lambdaBeanIsTraced() {
		this.contextRunner.withUserConfiguration(LambdaConfiguration.class)
			.run(inTrace((context) -> context.getBean(Payment.class).pay(), (spans) -> assertThat(spans).hasSize(2)));
	}

	@Test
	void futureEndsSpanWhenItCompletes() {
		this.contextRunner.withBean(Orders.class).run((context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			ApmSpan request = tracer.nextSpan().name("request").start();
			CompletableFuture<String> future = new CompletableFuture<>();
			CompletableFuture<String> returned;
			try (Tracer.SpanInScope scope = tracer.withSpan(request)) {
				returned = context.getBean(Orders.class).async(future);
				assertThat(tracer.currentSpan()).isEqualTo(request);
			}
			assertThat(returned).isSameAs(future);
			assertThat(request.owner().isComplete()).isFalse();
			request.end();
			assertThat(request.owner().isComplete()).isFalse();
			future.completeExceptionally(new CompletionException(new IOException("late")));
			assertThat(request.owner().isComplete()).isTrue();
			assertThat(request.owner().spans().get(1).error()).isInstanceOf(IOException.class);
		});
	}

	@Test
	void eachSubscriptionIsSpanThatUpstreamSees() {
		this.contextRunner.withBean(Orders.class).run(inTrace((context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			String current = tracer.currentSpan().context().spanId();
			Mono<String> mono = context.getBean(Orders.class).reactive(() -> tracer.currentSpan().context().spanId());
			assertThat(mono.block()).isNotEqualTo(current);
			mono.block();
			assertThat(tracer.currentSpan().context().spanId()).isEqualTo(current);
		}, (spans) -> assertThat(spans).extracting(SpanData::name)
			.containsExactly("request", "Orders.reactive", "Orders.reactive")));
	}

	@Test
	void publisherNobodySubscribesToLeavesNothingOpen() {
		this.contextRunner.withBean(Orders.class)
			.run(inTrace((context) -> context.getBean(Orders.class).reactive(),
					(spans) -> assertThat(spans).hasSize(1)));
	}

	@Test
	void failingAndCancelledPublishersEndTheirSpans() {
		this.contextRunner.withBean(Orders.class).run(inTrace((context) -> {
			Orders orders = context.getBean(Orders.class);
			assertThatThrownBy(() -> orders.flux(Flux.error(new IllegalStateException("broken"))).blockLast())
				.isInstanceOf(IllegalStateException.class);
			assertThat(orders.flux(Flux.just(1, 2, 3)).take(1).blockLast()).isEqualTo(1);
			orders.flux(Flux.never()).subscribe().dispose();
			assertThatThrownBy(() -> orders.flux(null)).isInstanceOf(NullPointerException.class);
		}, (spans) -> {
			assertThat(spans).hasSize(5);
			assertThat(spans.get(1).error()).hasMessage("broken");
			assertThat(spans.get(2).isFailed()).isFalse();
			assertThat(spans.get(3).attribute("apm.cancelled")).isEqualTo(true);
			assertThat(spans.get(3).isFailed()).isFalse();
			assertThat(spans.get(4).error()).isInstanceOf(NullPointerException.class);
		}));
	}

	@Test
	void publisherOfMoreSpecialTypeIsReturnedAsItIs() {
		this.contextRunner.withBean(Orders.class)
			.run(inTrace((context) -> assertThat(context.getBean(Orders.class).connectable()).isNotNull(),
					(spans) -> assertThat(spans).hasSize(1)));
	}

	@Test
	void applicationStartsWhereProxyWouldBreakItAndIsTold(CapturedOutput output) {
		this.contextRunner.withBean(FinalOrders.class, () -> new FinalOrders(3))
			.withBean(RecordOrders.class, () -> new RecordOrders(4))
			.withBean(TemplateOrders.class)
			.withBean(ListeningOrders.class)
			.withBean(PrivateOrders.class, PrivateOrders::create)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(FinalOrders.class).count()).isEqualTo(3);
				assertThat(context.getBean(RecordOrders.class).count()).isEqualTo(4);
				assertThat(context.getBean(TemplateOrders.class).template()).isEqualTo("state");
				assertThat(context.getBean(PrivateOrders.class)).matches((bean) -> !AopUtils.isAopProxy(bean));
			});
		assertThat(warnings(output)).hasSize(5)
			.anySatisfy((line) -> assertThat(line).contains(FinalOrders.class.getName()).contains("final"))
			.anySatisfy((line) -> assertThat(line).contains(TemplateOrders.class.getName()).contains("template"))
			.anySatisfy((line) -> assertThat(line).contains(ListeningOrders.class.getName()).contains("onStart"));
	}

	@Test
	void annotatedPrivateMethodIsTold(CapturedOutput output) {
		this.contextRunner.withBean("one", HalfHiddenOrders.class)
			.withBean("two", HalfHiddenOrders.class)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(warnings(output)).singleElement().asString().contains("hidden").contains("without effect");
	}

	@Test
	void beanWithoutAnnotationGetsNoProxyAndNoLine(CapturedOutput output) {
		this.contextRunner.withBean(StringBuilder.class)
			.withBean(PlainOrders.class)
			.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(PlainOrders.class))).isFalse());
		assertThat(output).doesNotContain("not eligible for getting processed").doesNotContain("without effect");
	}

	@Test
	void worksWithoutAspectjWhateverIsSetForAop() {
		assertThat(ClassUtils.isPresent("org.aspectj.weaver.Advice", null)).isFalse();
		this.contextRunner.withPropertyValues("spring.aop.auto=false")
			.withBean(CardPayment.class)
			.run(inTrace((context) -> context.getBean(CardPayment.class).pay(),
					(spans) -> assertThat(spans).hasSize(2)));
	}

	@Test
	void failingTracerDoesNotReachApplication(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class,
					MethodProfilingInstrumentationAutoConfiguration.class))
			.withBean("one", ApmTracer.class, () -> ApmTracer.builder().build())
			.withBean("two", ApmTracer.class, () -> ApmTracer.builder().build())
			.withBean(Orders.class)
			.run((context) -> {
				Orders orders = context.getBean(Orders.class);
				assertThat(orders.price()).isEqualTo(42);
				assertThat(orders.price()).isEqualTo(42);
				assertThat(orders.calls()).isEqualTo(2);
			});
		assertThat(output.getOut().lines().filter((line) -> line.contains("could not be traced"))).hasSize(1);
	}

	@Test
	void switchTurnsItOff() {
		this.contextRunner.withPropertyValues("apm.instrumentation.method-profiling.enabled=false")
			.withBean(Orders.class)
			.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Orders.class))).isFalse());
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains("is without effect")).toList();
	}

	private static ContextConsumer<AssertableApplicationContext> inTrace(
			ContextConsumer<AssertableApplicationContext> call, SpansConsumer spans) {
		return (context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			ApmSpan request = tracer.nextSpan().name("request").start();
			try (Tracer.SpanInScope scope = tracer.withSpan(request)) {
				call.accept(context);
			}
			request.end();
			assertThat(request.owner().isComplete()).isTrue();
			assertThat(context.getBean(CollectedSegments.class).all()).hasSize(1);
			spans.accept(request.owner().spans());
		};
	}

	@FunctionalInterface
	interface SpansConsumer {

		void accept(List<SpanData> spans);

	}

	static class Orders {

		private int calls;

		@MethodProfiling
		public int price() {
			this.calls++;
			return 42;
		}

		public int calls() {
			return this.calls;
		}

		@MethodProfiling("look up stock")
		public void named() {
		}

		@MethodProfiling
		public void fail(IOException failure) throws IOException {
			throw failure;
		}

		@MethodProfiling
		void packagePrivate() {
		}

		@MethodProfiling
		public CompletableFuture<String> async(CompletableFuture<String> result) {
			return result;
		}

		@MethodProfiling
		public Mono<String> reactive(Supplier<String> work) {
			return Mono.fromSupplier(work);
		}

		@MethodProfiling
		public Mono<String> reactive() {
			return Mono.empty();
		}

		@MethodProfiling
		public Flux<Integer> flux(Flux<Integer> source) {
			return source.map((value) -> value);
		}

		@MethodProfiling
		public ConnectableFlux<Integer> connectable() {
			return Flux.just(1).publish();
		}

	}

	static class PlainOrders {

		public void price() {
		}

	}

	@MethodProfiling("stock")
	static class Warehouse {

		public void pick() {
		}

		void internal() {
		}

		@Override
		public String toString() {
			return "warehouse";
		}

	}

	interface Payment {

		@MethodProfiling
		void pay();

	}

	static class CardPayment implements Payment {

		@Override
		public void pay() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LambdaConfiguration {

		@Bean
		Payment payment() {
			return () -> {
			};
		}

	}

	static final class FinalOrders {

		private final int count;

		FinalOrders(int count) {
			this.count = count;
		}

		@MethodProfiling
		public int count() {
			return this.count;
		}

	}

	@MethodProfiling
	record RecordOrders(int count) {
	}

	static class TemplateOrders {

		private final String state = "state";

		@MethodProfiling
		public void work() {
		}

		public final String template() {
			work();
			return this.state;
		}

	}

	static class ListeningOrders {

		@MethodProfiling
		public void work() {
		}

		@EventListener
		private void onStart(Object event) {
		}

	}

	static class PrivateOrders {

		private PrivateOrders() {
		}

		static PrivateOrders create() {
			return new PrivateOrders();
		}

		@MethodProfiling
		public void work() {
		}

	}

	static class HalfHiddenOrders {

		@MethodProfiling
		public void work() {
			hidden();
		}

		@MethodProfiling
		private void hidden() {
		}

	}

}
