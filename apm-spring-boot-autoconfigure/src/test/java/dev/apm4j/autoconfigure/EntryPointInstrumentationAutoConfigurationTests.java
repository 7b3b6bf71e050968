package dev.apm4j.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.apm4j.annotation.BatchProfiling;
import dev.apm4j.annotation.EntryPoint;
import dev.apm4j.annotation.MethodProfiling;
import dev.apm4j.autoconfigure.CollectedSegments.TracerConfiguration;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EntryPointInstrumentationAutoConfigurationTests {

	private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	private static final String PARENT = "00-" + TRACE_ID + "-b7ad6b7169203331-01";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class,
				EntryPointInstrumentationAutoConfiguration.class, BatchProfilingInstrumentationAutoConfiguration.class,
				MethodProfilingInstrumentationAutoConfiguration.class))
		.withUserConfiguration(TracerConfiguration.class)
		.withBean(Inbox.class);

	@Test
	void callStartsTrace() {
		this.contextRunner.run((context) -> {
			context.getBean(Inbox.class).receive("hello", Map.of("color", "red"));
			SpanData root = context.getBean(CollectedSegments.class).onlyRoot();
			assertThat(root.name()).isEqualTo("Inbox.receive");
			assertThat(root.kind()).isEqualTo(Span.Kind.CONSUMER);
			assertThat(root.parentId()).isNull();
			assertThat(root.attribute("code.function.name")).isEqualTo(Inbox.class.getCanonicalName() + ".receive");
		});
	}

	static Stream<Map<?, ?>> carriers() {
		Map<Object, Object> mixed = new LinkedHashMap<>();
		mixed.put(null, "x");
		mixed.put(7, "seven");
		mixed.put("TRACEPARENT", new StringBuilder(PARENT));
		mixed.put("payload", new Object());
		return Stream.of(Map.of("traceparent", PARENT), Map.of("Traceparent", PARENT),
				Map.of("traceparent", PARENT.getBytes(StandardCharsets.UTF_8)), Map.of("TraceParent", List.of(PARENT)),
				Map.of("traceparent", new String[] { PARENT }),
				Map.of("traceparent", List.of(PARENT.getBytes(StandardCharsets.UTF_8))),
				new TreeMap<>(Map.of("traceparent", PARENT)), mixed);
	}

	@ParameterizedTest
	@MethodSource("carriers")
	void headersInMapContinueTrace(Map<?, ?> carrier) {
		this.contextRunner.run((context) -> {
			context.getBean(Inbox.class).receive("hello", carrier);
			Segment segment = context.getBean(CollectedSegments.class).all().get(0);
			assertThat(segment.traceId()).isEqualTo(TRACE_ID);
			assertThat(segment.root().parentId()).isEqualTo("b7ad6b7169203331");
			assertThat(segment.root().kind()).isEqualTo(Span.Kind.CONSUMER);
		});
	}

	static Stream<Map<?, ?>> badCarriers() {
		Map<String, Object> nothing = new LinkedHashMap<>();
		nothing.put("traceparent", null);
		return Stream.of(Map.of(), Map.of(1, PARENT), Map.of("traceparent", "garbage\r\n"),
				Map.of("traceparent", new byte[] { -1, -2, 0 }), Map.of("traceparent", new byte[100_000]),
				Map.of("traceparent", List.of()), Map.of("traceparent", new Object()), nothing, new FailingMap());
	}

	@ParameterizedTest
	@MethodSource("badCarriers")
	void unreadableHeadersDontDisturbCall(Map<?, ?> carrier) {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(Inbox.class).receive("hello", carrier)).isEqualTo(1);
			assertThat(context.getBean(CollectedSegments.class).all()).allSatisfy((segment) -> {
				assertThat(segment.root().parentId()).isNull();
				assertThat(segment.traceId()).isNotEqualTo(TRACE_ID);
			});
		});
	}

	@Test
	void currentSpanIsCauseOfSegmentOfItsOwn() {
		this.contextRunner.run((context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			ApmSpan request = tracer.nextSpan().name("request").start();
			try (Tracer.SpanInScope scope = tracer.withSpan(request)) {
				context.getBean(Inbox.class).receive("hello", Map.of());
			}
			SpanData root = context.getBean(CollectedSegments.class).onlyRoot();
			assertThat(root.name()).isEqualTo("Inbox.receive");
			assertThat(root.parentId()).isEqualTo(request.spanId());
			assertThat(request.owner().size()).isEqualTo(1);
		});
	}

	@Test
	void headersWinOverCurrentSpan() {
		this.contextRunner.run((context) -> {
			ApmTracer tracer = context.getBean(ApmTracer.class);
			ApmSpan request = tracer.nextSpan().name("request").start();
			try (Tracer.SpanInScope scope = tracer.withSpan(request)) {
				context.getBean(Inbox.class).receive("hello", Map.of("traceparent", PARENT));
			}
			assertThat(context.getBean(CollectedSegments.class).all().get(0).traceId()).isEqualTo(TRACE_ID);
		});
	}

	@Test
	void nothingHappensWhereTracingIsSuppressed() {
		this.contextRunner.run((context) -> {
			try (Tracer.SpanInScope suppressed = context.getBean(ApmTracer.class).suppress()) {
				context.getBean(Inbox.class).receive("hello", Map.of("traceparent", PARENT));
			}
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
		});
	}

	@Test
	void otherAnnotationsOnSameMethodAddToOneSpan() {
		this.contextRunner.run((context) -> {
			context.getBean(Inbox.class).profiled();
			SpanData root = context.getBean(CollectedSegments.class).onlyRoot();
			assertThat(context.getBean(CollectedSegments.class).all().get(0).size()).isEqualTo(1);
			assertThat(root.name()).isEqualTo("drain");
			assertThat(root.kind()).isEqualTo(Span.Kind.CONSUMER);
			assertThat(root.attributes()).containsEntry("apm.job.type", "batch")
				.containsEntry("apm.job.outcome", "success");
		});
	}

	@Test
	void reactiveEntryContinuesTraceOfItsArgument() {
		this.contextRunner.run((context) -> {
			Mono<String> mono = context.getBean(Inbox.class).reactive(Map.of("traceparent", PARENT));
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
			assertThat(mono.block()).isEqualTo(TRACE_ID);
			assertThat(context.getBean(CollectedSegments.class).onlyRoot().name()).isEqualTo("Inbox.reactive");
		});
	}

	@Test
	void exceptionEndsEntry() {
		this.contextRunner.run((context) -> {
			assertThatThrownBy(() -> context.getBean(Inbox.class).fail()).isInstanceOf(IllegalStateException.class);
			assertThat(context.getBean(CollectedSegments.class).onlyRoot().error()).hasMessage("no");
		});
	}

	static class Inbox {

		private final ApmTracer tracer;

		private int calls;

		Inbox(ApmTracer tracer) {
			this.tracer = tracer;
		}

		@EntryPoint
		public int receive(String message, Map<?, ?> headers) {
			return ++this.calls;
		}

		@EntryPoint
		@BatchProfiling
		@MethodProfiling("drain")
		public void profiled() {
		}

		@EntryPoint
		public Mono<String> reactive(Map<String, String> headers) {
			return Mono.fromSupplier(() -> this.tracer.currentSpan().context().traceId());
		}

		@EntryPoint
		public void fail() {
			throw new IllegalStateException("no");
		}

	}

	static class FailingMap extends TreeMap<String, String> {

		@Override
		public Set<Map.Entry<String, String>> entrySet() {
			throw new UnsupportedOperationException("lazy");
		}

	}

}
