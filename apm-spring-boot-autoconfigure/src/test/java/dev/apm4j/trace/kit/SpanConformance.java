package dev.apm4j.trace.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Identity, lineage and life of a span that the caller starts and ends.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>{@code end()} after {@code abandon()}: nothing is reported, against the span is
 * reported (the OpenTelemetry bridge ignores {@code abandon}). For the same reason
 * nothing is said of a parent observation that is abandoned.</li>
 * <li>{@code end()} without {@code start()}: reported without a start time, against
 * reported, as {@code nextSpan()} has started it.</li>
 * <li>a second {@code start()}: starts the clock anew, against ignored.</li>
 * <li>{@code nextSpan(Span.NOOP)}: both throw {@code ClassCastException}, which nobody
 * should copy.</li>
 * </ul>
 */
abstract class SpanConformance extends TracerConformance {

	@Test
	void firstSpanIsRootOfNewTrace() {
		Span span = start("root");
		span.end();
		assertThat(span.context().parentId()).isNull();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.parentId()).isNull();
		assertThat(recorded.name()).isEqualTo("root");
		assertThat(recorded.kind()).isNull();
	}

	@Test
	void idsAreLowerHexAndNotZero() {
		Span span = start("ids");
		span.end();
		assertThat(span.context().traceId()).matches("[0-9a-f]{32}").doesNotMatch("0+");
		assertThat(span.context().spanId()).matches("[0-9a-f]{16}").doesNotMatch("0+");
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.traceId()).isEqualTo(span.context().traceId());
		assertThat(recorded.spanId()).isEqualTo(span.context().spanId());
	}

	@Test
	void rootsBeginDifferentTraces() {
		Set<String> traceIds = new HashSet<>();
		Set<String> spanIds = new HashSet<>();
		for (int i = 0; i < 200; i++) {
			Span span = start("root");
			traceIds.add(span.context().traceId());
			spanIds.add(span.context().spanId());
			span.end();
		}
		assertThat(traceIds).hasSize(200);
		assertThat(spanIds).hasSize(200);
	}

	@Test
	void nextSpanIsChildOfCurrent() {
		Span parent = start("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(parent)) {
			Span child = start("child");
			assertChild(child, parent);
			child.end();
		}
		parent.end();
		List<RecordedSpan> spans = finished(2);
		assertThat(finished(spans, "child").parentId()).isEqualTo(finished(spans, "parent").spanId());
		assertThat(finished(spans, "child").traceId()).isEqualTo(finished(spans, "parent").traceId());
	}

	@Test
	void nextSpanOfGivenParentIgnoresCurrent() {
		Span current = start("current");
		Span parent = startInNewTrace("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(current)) {
			Span child = startChild(parent, "child");
			assertChild(child, parent);
			child.end();
		}
		parent.end();
		current.end();
		finished(3);
	}

	@Test
	void nextSpanOfNullParentIsChildOfCurrent() {
		Span parent = start("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(parent)) {
			Span child = tracer().nextSpan(null);
			assertThat(child).isNotNull();
			assertChild(child.start(), parent);
			child.end();
		}
		parent.end();
		finished(2);
	}

	@Test
	void lineageHoldsOverSeveralGenerations() {
		List<Span> line = new ArrayList<>(List.of(start("0")));
		for (int i = 1; i < 10; i++) {
			line.add(startChild(line.get(i - 1), String.valueOf(i)));
		}
		for (int i = 9; i >= 0; i--) {
			line.get(i).end();
		}
		List<RecordedSpan> spans = finished(10);
		for (int i = 1; i < 10; i++) {
			RecordedSpan recorded = finished(spans, String.valueOf(i));
			assertThat(recorded.parentId()).isEqualTo(line.get(i - 1).context().spanId());
			assertThat(recorded.traceId()).isEqualTo(line.get(0).context().traceId());
		}
	}

	@Test
	void siblingsShareTheirParent() {
		Span parent = start("parent");
		Span first = startChild(parent, "first");
		Span second = startChild(parent, "second");
		first.end();
		second.end();
		parent.end();
		List<RecordedSpan> spans = finished(3);
		assertThat(finished(spans, "first").parentId()).isEqualTo(parent.context().spanId());
		assertThat(finished(spans, "second").parentId()).isEqualTo(parent.context().spanId());
	}

	@Test
	void recordingSpanIsSampledAndNotNoop() {
		Span span = start("sampled");
		assertThat(span.isNoop()).isFalse();
		assertThat(span.context().sampled()).isTrue();
		span.end();
	}

	@Test
	void childAfterItsParentEndedBelongsToIt() {
		Span parent = start("parent");
		parent.end();
		Span child = startChild(parent, "late");
		assertChild(child, parent);
		child.end();
		assertThat(finished(finished(2), "late").parentId()).isEqualTo(parent.context().spanId());
	}

	@Test
	void childThatOutlivesItsParentIsReported() {
		Span parent = start("parent");
		Span child = startChild(parent, "child");
		parent.end();
		child.tag("late", "yes").end();
		RecordedSpan recorded = finished(finished(2), "child");
		assertThat(recorded.parentId()).isEqualTo(parent.context().spanId());
		assertThat(recorded.tags()).containsEntry("late", "yes");
	}

	@Test
	void methodsAnswerWithTheSameSpan() {
		Span span = tracer().nextSpan();
		assertThat(span.start().context()).isEqualTo(span.context());
		assertThat(span.name("fluent").context()).isEqualTo(span.context());
		assertThat(span.tag("a", "b").context()).isEqualTo(span.context());
		assertThat(span.event("e").context()).isEqualTo(span.context());
		assertThat(span.remoteServiceName("s").context()).isEqualTo(span.context());
		assertThat(span.error(new IllegalStateException("x")).context()).isEqualTo(span.context());
		span.end();
		onlyFinished();
	}

	@Test
	void contextsOfOneSpanAreEqualAndOfTwoAreNot() {
		Span parent = start("parent");
		Span child = startChild(parent, "child");
		assertThat(child.context()).isEqualTo(child.context()).hasSameHashCodeAs(child.context());
		assertThat(child.context()).isNotEqualTo(parent.context());
		assertThat(child).isEqualTo(child).isNotEqualTo(parent);
		child.end();
		parent.end();
	}

	@Test
	void spanThatNeverEndsIsNotReported() {
		start("open");
		finished(0);
	}

	@Test
	void abandonedSpanIsNotReported() {
		start("abandoned").tag("a", "b").abandon();
		finished(0);
	}

	@Test
	void childOfAbandonedSpanIsReported() {
		Span parent = start("parent");
		Span abandoned = startChild(parent, "abandoned");
		Span child = startChild(abandoned, "child");
		child.end();
		abandoned.abandon();
		parent.end();
		assertThat(finished(2)).extracting(RecordedSpan::name).containsExactlyInAnyOrder("child", "parent");
	}

	@Test
	void secondEndReportsNothing() {
		Span span = start("twice");
		span.end();
		span.end();
		span.end(1, TimeUnit.SECONDS);
		onlyFinished();
	}

	@Test
	void whatHappensAfterTheEndIsIgnored() {
		Span span = start("done").tag("before", "yes").event("before");
		span.end();
		span.name("renamed");
		span.tag("after", "yes").tag("after", 1L).tag("after", true).event("after");
		span.event("after", 1, TimeUnit.SECONDS);
		span.error(new IllegalStateException("after"));
		span.remoteServiceName("after").remoteIpAndPort("127.0.0.1", 1);
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("done");
		assertThat(recorded.tags()).containsEntry("before", "yes").doesNotContainKey("after");
		assertThat(recorded.eventNames()).containsExactly("before");
		assertThat(recorded.errorType()).isNull();
		assertThat(recorded.remoteServiceName()).isNull();
		assertThat(recorded.remoteIp()).isNull();
	}

	@Test
	void abandonAfterTheEndChangesNothing() {
		Span span = start("ended");
		span.end();
		span.abandon();
		onlyFinished();
	}

	@Test
	void writingAfterAbandonReportsNothing() {
		Span span = start("abandoned");
		span.abandon();
		span.name("renamed").tag("key", "value").event("event").error(new IllegalStateException("x"));
		finished(0);
	}

	@Test
	void secondStartKeepsTheSpan() {
		Span span = start("started");
		String spanId = span.context().spanId();
		span.start();
		span.end();
		assertThat(onlyFinished().spanId()).isEqualTo(spanId);
	}

	@Test
	void timesAreThoseOfTheWallClock() {
		Instant before = Instant.now();
		Span span = start("timed");
		span.end();
		Instant after = Instant.now();
		RecordedSpan recorded = onlyFinished();
		// A minute of tolerance: the question is the unit, not the precision.
		assertThat(recorded.start()).isBetween(before.minusSeconds(60), after.plusSeconds(60));
		assertThat(recorded.duration()).isGreaterThanOrEqualTo(Duration.ZERO);
		assertThat(recorded.end()).isBetween(before.minusSeconds(60), after.plusSeconds(60));
	}

	@Test
	void endTimeCanBeGiven() {
		Instant end = Instant.now().plusSeconds(100);
		Span span = start("given");
		span.end(end.toEpochMilli(), TimeUnit.MILLISECONDS);
		assertThat(onlyFinished().end().toEpochMilli()).isEqualTo(end.toEpochMilli());
	}

	private Span startInNewTrace(String name) {
		try (Tracer.SpanInScope none = tracer().withSpan(null)) {
			return start(name);
		}
	}

	private static void assertChild(Span child, Span parent) {
		assertThat(child.context().traceId()).isEqualTo(parent.context().traceId());
		assertThat(child.context().parentId()).isEqualTo(parent.context().spanId());
		assertThat(child.context().spanId()).isNotEqualTo(parent.context().spanId());
		assertThat(child.context().sampled()).isEqualTo(parent.context().sampled());
	}

}
