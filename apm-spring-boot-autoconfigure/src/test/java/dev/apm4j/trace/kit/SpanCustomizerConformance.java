package dev.apm4j.trace.kit;

import java.util.Objects;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.SpanCustomizer;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link SpanCustomizer}: the narrow view of the current span.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>a customizer that is kept: writes to the span that was current when it was asked
 * for, against to the one that is current when it writes.</li>
 * </ul>
 */
abstract class SpanCustomizerConformance extends TracerConformance {

	@Test
	void customizerWritesToTheCurrentSpan() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			customizer().name("renamed").tag("key", "value").event("event");
		}
		span.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("renamed");
		assertThat(recorded.tags()).containsEntry("key", "value");
		assertThat(recorded.eventNames()).containsExactly("event");
	}

	@Test
	void customizerTakesTypes() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			customizer().tag("long", 1L).tag("double", 1.5).tag("boolean", true);
		}
		span.end();
		assertThat(onlyFinished().tags()).containsEntry("long", "1")
			.containsEntry("double", "1.5")
			.containsEntry("boolean", "true");
	}

	@Test
	void customizerWritesToTheInnermostSpan() {
		Span outer = start("outer");
		Span inner = startChild(outer, "inner");
		try (Tracer.SpanInScope a = tracer().withSpan(outer)) {
			try (Tracer.SpanInScope b = tracer().withSpan(inner)) {
				customizer().tag("key", "inner");
			}
			customizer().tag("key", "outer");
		}
		inner.end();
		outer.end();
		var spans = finished(2);
		assertThat(finished(spans, "inner").tags()).containsEntry("key", "inner");
		assertThat(finished(spans, "outer").tags()).containsEntry("key", "outer");
	}

	@Test
	void customizerOfBuiltSpanWritesToIt() {
		Span parent = start("parent");
		Span span = tracer().spanBuilder().setParent(parent.context()).name("built").start();
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			customizer().tag("key", "value");
		}
		span.end();
		parent.end();
		assertThat(finished(finished(2), "built").tags()).containsEntry("key", "value");
	}

	@Test
	void customizerWithoutCurrentSpanIsHarmless() {
		SpanCustomizer customizer = tracer().currentSpanCustomizer();
		assertThat(customizer).isNotNull();
		customizer.name("n").tag("a", "b").tag("l", 1L).tag("d", 1.5).tag("z", true).event("e");
		finished(0);
	}

	@Test
	void spanIsCustomizerOfItself() {
		Span span = start("span");
		SpanCustomizer customizer = span;
		customizer.tag("key", "value").event("event");
		span.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.tags()).containsEntry("key", "value");
		assertThat(recorded.eventNames()).containsExactly("event");
	}

	private SpanCustomizer customizer() {
		return Objects.requireNonNull(tracer().currentSpanCustomizer());
	}

}
