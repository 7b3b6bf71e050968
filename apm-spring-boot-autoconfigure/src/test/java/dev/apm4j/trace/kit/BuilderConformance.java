package dev.apm4j.trace.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Span.Builder} and {@link TraceContext.Builder}.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>{@code setNoParent} with a current span or after {@code setParent}: ignored,
 * against root.</li>
 * <li>{@code setParent(null)}: {@code NullPointerException}, against none; {@code
 * tag(key, null)}: {@code NullPointerException}, against ignored.</li>
 * <li>context builder: a 64-bit trace id is kept with 16 digits, against accepted and
 * then ignored; missing or malformed ids: {@code IllegalArgumentException} from {@code
 * build}, against an invalid context.</li>
 * </ul>
 */
abstract class BuilderConformance extends TracerConformance {

	private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN_ID = "b7ad6b7169203331";

	@Test
	void builtSpanIsStartedRoot() {
		Span span = tracer().spanBuilder().name("built").start();
		assertThat(span.context().parentId()).isNull();
		assertThat(span.isNoop()).isFalse();
		span.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("built");
		assertThat(recorded.parentId()).isNull();
	}

	@Test
	void builtSpanIsChildOfCurrent() {
		Span parent = start("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(parent)) {
			Span span = tracer().spanBuilder().name("built").start();
			assertThat(span.context().parentId()).isEqualTo(parent.context().spanId());
			assertThat(span.context().traceId()).isEqualTo(parent.context().traceId());
			span.end();
		}
		parent.end();
		finished(2);
	}

	@Test
	void givenParentBeatsCurrent() {
		Span current = start("current");
		Span parent = start("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(current)) {
			Span span = tracer().spanBuilder().setParent(parent.context()).name("built").start();
			assertThat(span.context().parentId()).isEqualTo(parent.context().spanId());
			assertThat(span.context().traceId()).isEqualTo(parent.context().traceId());
			span.end();
		}
		parent.end();
		current.end();
		assertThat(finished(finished(3), "built").parentId()).isEqualTo(parent.context().spanId());
	}

	@Test
	void noParentIsRoot() {
		Span span = tracer().spanBuilder().setNoParent().name("built").start();
		assertThat(span.context().parentId()).isNull();
		span.end();
		assertThat(onlyFinished().parentId()).isNull();
	}

	@Test
	void startIsNotCurrent() {
		Span span = tracer().spanBuilder().name("built").start();
		assertThat(tracer().currentSpan()).isNull();
		span.end();
	}

	@Test
	void builtSpanCanBeCurrent() {
		Span parent = start("parent");
		Span span = tracer().spanBuilder().setParent(parent.context()).name("built").start();
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(current()).isEqualTo(span).hasSameHashCodeAs(span);
			assertThat(span).isEqualTo(current());
			assertThat(current().context()).isEqualTo(span.context());
			Span child = start("child");
			assertThat(child.context().parentId()).isEqualTo(span.context().spanId());
			child.end();
		}
		assertThat(tracer().currentSpan()).isNull();
		span.end();
		parent.end();
		finished(3);
	}

	@Test
	void builtSpanStaysWritable() {
		Span parent = start("parent");
		Span span = tracer().spanBuilder().setParent(parent.context()).name("built").start();
		span.name("renamed").tag("key", 1L).event("event").error(new IllegalStateException("x"));
		span.end();
		parent.end();
		RecordedSpan recorded = finished(finished(2), "renamed");
		assertThat(recorded.tags()).containsEntry("key", "1");
		assertThat(recorded.eventNames()).containsExactly("event");
		assertThat(recorded.errorMessage()).isEqualTo("x");
	}

	@ParameterizedTest
	@EnumSource(Span.Kind.class)
	void kindIsReported(Span.Kind kind) {
		tracer().spanBuilder().kind(kind).name("built").start().end();
		assertThat(onlyFinished().kind()).isEqualTo(kind);
	}

	@Test
	void everythingGivenIsReported() {
		tracer().spanBuilder()
			.name("built")
			.tag("text", "a")
			.tag("long", 1L)
			.tag("double", 1.5)
			.tag("boolean", true)
			.event("one")
			.event("two")
			.error(new IllegalStateException("broken"))
			.remoteServiceName("orders")
			.remoteIpAndPort("192.0.2.1", 8080)
			.start()
			.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.tags()).containsEntry("text", "a")
			.containsEntry("long", "1")
			.containsEntry("double", "1.5")
			.containsEntry("boolean", "true");
		assertThat(recorded.eventNames()).containsExactly("one", "two");
		assertThat(recorded.errorType()).isEqualTo(IllegalStateException.class.getName());
		assertThat(recorded.errorMessage()).isEqualTo("broken");
		assertThat(recorded.remoteServiceName()).isEqualTo("orders");
		assertThat(recorded.remoteIp()).isEqualTo("192.0.2.1");
		assertThat(recorded.remotePort()).isEqualTo(8080);
	}

	@Test
	void listsAreReported() {
		tracer().spanBuilder()
			.name("built")
			.tagOfStrings("strings", List.of("a", "b"))
			.tagOfLongs("longs", List.of(1L, 2L))
			.tagOfDoubles("doubles", List.of(1.5, 2.5))
			.tagOfBooleans("booleans", List.of(true, false))
			.start()
			.end();
		assertThat(onlyFinished().tags()).containsEntry("strings", "a,b")
			.containsEntry("longs", "1,2")
			.containsEntry("doubles", "1.5,2.5")
			.containsEntry("booleans", "true,false");
	}

	@Test
	void lastSettingWins() {
		tracer().spanBuilder()
			.name("first")
			.name("second")
			.tag("key", "first")
			.tag("key", "second")
			.kind(Span.Kind.CLIENT)
			.kind(Span.Kind.PRODUCER)
			.remoteServiceName("first")
			.remoteServiceName("second")
			.start()
			.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("second");
		assertThat(recorded.tags()).containsEntry("key", "second");
		assertThat(recorded.kind()).isEqualTo(Span.Kind.PRODUCER);
		assertThat(recorded.remoteServiceName()).isEqualTo("second");
	}

	@Test
	void startAndEndTimesCanBeGiven() {
		Instant start = Instant.parse("2024-02-03T04:05:06.789Z");
		Span span = tracer().spanBuilder()
			.name("built")
			.startTimestamp(start.toEpochMilli(), TimeUnit.MILLISECONDS)
			.start();
		span.end(start.plusMillis(1234).toEpochMilli(), TimeUnit.MILLISECONDS);
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.start()).isEqualTo(start);
		assertThat(recorded.duration()).isEqualTo(Duration.ofMillis(1234));
	}

	@Test
	void givenTimesKeepMicroseconds() {
		long micros = 1_700_000_000_123_456L;
		Span span = tracer().spanBuilder().name("built").startTimestamp(micros, TimeUnit.MICROSECONDS).start();
		span.end(micros + 7, TimeUnit.MICROSECONDS);
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.start()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L, 123_456_000));
		assertThat(recorded.duration()).isEqualTo(Duration.ofNanos(7000));
	}

	@Test
	void startTimeOfZeroMeansNow() {
		Instant before = Instant.now();
		tracer().spanBuilder().name("built").startTimestamp(0, TimeUnit.SECONDS).start().end();
		assertThat(onlyFinished().start()).isAfter(before.minusSeconds(60));
	}

	@Test
	void errorWithoutMessageIsReported() {
		tracer().spanBuilder().name("built").error(new IllegalStateException()).start().end();
		assertThat(onlyFinished().errorType()).isEqualTo(IllegalStateException.class.getName());
	}

	@Test
	void absentErrorAndKindAreHarmless() {
		tracer().spanBuilder().name("built").error(null).kind(null).start().end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.errorType()).isNull();
		assertThat(recorded.kind()).isNull();
	}

	@Test
	void everyStartMakesAnotherSpan() {
		Span.Builder builder = tracer().spanBuilder().name("built").tag("key", "value");
		Span first = builder.start();
		Span second = builder.start();
		assertThat(first.context().spanId()).isNotEqualTo(second.context().spanId());
		second.end();
		first.end();
		assertThat(finished(2)).allSatisfy((span) -> assertThat(span.tags()).containsEntry("key", "value"));
	}

	@Test
	void linksAreReported() {
		Span first = start("first");
		Span second = start("second");
		tracer().spanBuilder()
			.name("built")
			.addLink(new Link(first))
			.addLink(new Link(second.context(), Map.of("reason", "retry")))
			.start()
			.end();
		second.end();
		first.end();
		RecordedSpan recorded = finished(finished(3), "built");
		assertThat(recorded.links()).containsExactlyInAnyOrder(
				new RecordedSpan.LinkedSpan(first.context().traceId(), first.context().spanId(), Map.of()),
				new RecordedSpan.LinkedSpan(second.context().traceId(), second.context().spanId(),
						Map.of("reason", "retry")));
		assertThat(recorded.parentId()).as("a link is no parent").isNull();
	}

	@Test
	void tagsOfLinkMayHaveAnyType() {
		Span target = start("target");
		Map<String, Object> tags = new HashMap<>(Map.of("text", "a", "long", 1L, "double", 1.5, "boolean", true));
		tracer().spanBuilder().name("built").addLink(new Link(target, tags)).start().end();
		target.end();
		assertThat(finished(finished(2), "built").links().get(0).tags())
			.isEqualTo(Map.of("text", "a", "long", "1", "double", "1.5", "boolean", "true"));
	}

	@Test
	void builtTraceContextHasWhatWasGiven() {
		TraceContext context = tracer().traceContextBuilder()
			.traceId(TRACE_ID)
			.spanId(SPAN_ID)
			.parentId("00f067aa0ba902b7")
			.sampled(true)
			.build();
		assertThat(context.traceId()).isEqualTo(TRACE_ID);
		assertThat(context.spanId()).isEqualTo(SPAN_ID);
		assertThat(context.parentId()).isEqualTo("00f067aa0ba902b7");
		assertThat(context.sampled()).isTrue();
	}

	@Test
	void builtTraceContextMayLackParentAndDecision() {
		TraceContext context = tracer().traceContextBuilder().traceId(TRACE_ID).spanId(SPAN_ID).build();
		assertThat(context.parentId()).isNull();
		assertThat(context.sampled()).isNull();
	}

	@Test
	void builtTraceContextCanBeParent() {
		Span span = tracer().spanBuilder().setParent(parent(true)).name("built").start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		assertThat(span.context().parentId()).isEqualTo(SPAN_ID);
		span.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.traceId()).isEqualTo(TRACE_ID);
		assertThat(recorded.parentId()).isEqualTo(SPAN_ID);
	}

	@Test
	void decisionOfBuiltTraceContextIsHonoured() {
		Span span = tracer().spanBuilder().setParent(parent(false)).name("built").start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		assertThat(span.context().sampled()).isFalse();
		assertThat(span.isNoop()).isTrue();
		span.end();
		finished(0);
	}

	@Test
	void builtTraceContextCanBeCurrent() {
		try (var scope = tracer().currentTraceContext().newScope(parent(true))) {
			Span span = start("child");
			assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
			assertThat(span.context().parentId()).isEqualTo(SPAN_ID);
			span.end();
		}
		assertThat(tracer().currentSpan()).isNull();
		onlyFinished();
	}

	private TraceContext parent(boolean sampled) {
		return tracer().traceContextBuilder().traceId(TRACE_ID).spanId(SPAN_ID).sampled(sampled).build();
	}

}
