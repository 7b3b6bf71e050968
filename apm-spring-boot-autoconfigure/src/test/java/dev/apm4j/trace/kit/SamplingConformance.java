package dev.apm4j.trace.kit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.ScopedSpan;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A tracer that samples nothing: its spans have an identity and tell others about the
 * decision, but are never reported.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>{@code parentId()} of an unsampled child: the id, against {@code null}.</li>
 * <li>a parent context without a decision: the sampler decides, against not sampled.</li>
 * </ul>
 */
abstract class SamplingConformance extends TracerConformance {

	@Override
	TracerOptions.Sampling sampling() {
		return TracerOptions.Sampling.NEVER;
	}

	@Test
	void unsampledSpanHasIds() {
		Span span = start("unsampled");
		assertThat(span.context().traceId()).matches("[0-9a-f]{32}").doesNotMatch("0+");
		assertThat(span.context().spanId()).matches("[0-9a-f]{16}").doesNotMatch("0+");
		assertThat(span.context().sampled()).isFalse();
		span.end();
	}

	@Test
	void unsampledSpanIsNoop() {
		assertThat(start("unsampled").isNoop()).isTrue();
		assertThat(tracer().spanBuilder().name("unsampled").start().isNoop()).isTrue();
	}

	@Test
	void unsampledSpanTakesEverythingAndReportsNothing() {
		Span span = start("unsampled").tag("a", "b").tag("l", 1L).event("e").event("e", 1, TimeUnit.SECONDS);
		span.tagOfStrings("list", List.of("a")).remoteServiceName("s").remoteIpAndPort("127.0.0.1", 1);
		span.error(new IllegalStateException("x"));
		span.end();
		span.end();
		start("abandoned").abandon();
		assertThat(underTest().finishedSpans()).isEmpty();
	}

	@Test
	void childOfUnsampledSpanIsUnsampledInTheSameTrace() {
		Span parent = start("parent");
		Span child = startChild(parent, "child");
		assertThat(child.context().traceId()).isEqualTo(parent.context().traceId());
		assertThat(child.context().spanId()).isNotEqualTo(parent.context().spanId());
		assertThat(child.context().sampled()).isFalse();
		child.end();
		parent.end();
		assertThat(underTest().finishedSpans()).isEmpty();
	}

	@Test
	void unsampledSpanCanBeCurrent() {
		Span span = start("unsampled");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(current().context().spanId()).isEqualTo(span.context().spanId());
			assertThat(start("child").context().traceId()).isEqualTo(span.context().traceId());
			assertThat(tracer().currentSpanCustomizer()).isNotNull();
			tracer().currentSpanCustomizer().name("n").tag("a", "b").event("e");
		}
		assertThat(tracer().currentSpan()).isNull();
		span.end();
	}

	@Test
	void decisionTravelsWithTheTrace() {
		Span span = start("unsampled");
		assertTraceHeader(inject(span), span, false);
	}

	@Test
	void sampledDecisionOfTheCallerIsHonoured() {
		HeaderCarrier carrier = HeaderCarrier.of("traceparent",
				"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
		Span span = extract(carrier).name("server").start();
		assertThat(span.isNoop()).isFalse();
		assertThat(span.context().sampled()).isTrue();
		span.end();
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(underTest().finishedSpans()).hasSize(1));
	}

	@Test
	void unsampledScopedSpanIsCurrentUntilItsEnd() {
		ScopedSpan span = tracer().startScopedSpan("scoped");
		assertThat(span.isNoop()).isTrue();
		assertThat(current().context().spanId()).isEqualTo(span.context().spanId());
		span.tag("a", "b").event("e").name("n").error(new IllegalStateException("x"));
		span.end();
		assertThat(tracer().currentSpan()).isNull();
		assertThat(underTest().finishedSpans()).isEmpty();
	}

}
