package dev.apm4j.trace.kit;

import java.util.List;

import io.micrometer.tracing.ScopedSpan;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ScopedSpan}: span and scope in one.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>an inner scoped span ended again after the outer: the outer is current again,
 * against nothing happens. Ended in the wrong order, both leave the outer one
 * current.</li>
 * </ul>
 */
abstract class ScopedSpanConformance extends TracerConformance {

	@Test
	void scopedSpanIsCurrentUntilItsEnd() {
		ScopedSpan span = tracer().startScopedSpan("scoped");
		assertThat(current().context()).isEqualTo(span.context());
		assertThat(tracer().currentTraceContext().context()).isEqualTo(span.context());
		span.end();
		assertThat(tracer().currentSpan()).isNull();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("scoped");
		assertThat(recorded.parentId()).isNull();
		assertThat(recorded.spanId()).isEqualTo(span.context().spanId());
	}

	@Test
	void scopedSpansNest() {
		ScopedSpan outer = tracer().startScopedSpan("outer");
		ScopedSpan inner = tracer().startScopedSpan("inner");
		assertThat(inner.context().parentId()).isEqualTo(outer.context().spanId());
		inner.end();
		assertThat(current().context()).isEqualTo(outer.context());
		outer.end();
		List<RecordedSpan> spans = finished(2);
		assertThat(finished(spans, "inner").parentId()).isEqualTo(finished(spans, "outer").spanId());
	}

	@Test
	void scopedSpanIsChildOfCurrentAndParentOfNext() {
		Span parent = start("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(parent)) {
			ScopedSpan scoped = tracer().startScopedSpan("scoped");
			assertThat(scoped.context().parentId()).isEqualTo(parent.context().spanId());
			Span child = start("child");
			assertThat(child.context().parentId()).isEqualTo(scoped.context().spanId());
			child.end();
			scoped.end();
			assertThat(current()).isEqualTo(parent);
		}
		parent.end();
		finished(3);
	}

	@Test
	void whatIsWrittenIsReported() {
		ScopedSpan span = tracer().startScopedSpan("scoped");
		assertThat(span.isNoop()).isFalse();
		span.name("renamed").tag("key", "value").event("event").error(new IllegalStateException("broken"));
		span.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("renamed");
		assertThat(recorded.tags()).containsEntry("key", "value");
		assertThat(recorded.eventNames()).containsExactly("event");
		assertThat(recorded.errorType()).isEqualTo(IllegalStateException.class.getName());
		assertThat(recorded.errorMessage()).isEqualTo("broken");
	}

	@Test
	void errorWithoutMessageIsReported() {
		ScopedSpan span = tracer().startScopedSpan("scoped");
		span.error(new IllegalStateException());
		span.end();
		assertThat(onlyFinished().errorType()).isEqualTo(IllegalStateException.class.getName());
	}

	@Test
	void secondEndChangesNothing() {
		ScopedSpan span = tracer().startScopedSpan("scoped");
		span.end();
		span.end();
		assertThat(tracer().currentSpan()).isNull();
		onlyFinished();
	}

	@Test
	void currentSpanWritesToTheScopedOne() {
		ScopedSpan span = tracer().startScopedSpan("scoped");
		current().tag("key", "value");
		span.end();
		assertThat(onlyFinished().tags()).containsEntry("key", "value");
	}

	@Test
	void scopedSpanIsNotSeenByOtherThreads() {
		ScopedSpan span = tracer().startScopedSpan("scoped");
		onNewThread(() -> assertThat(tracer().currentSpan()).isNull());
		span.end();
	}

	@Test
	void endOnAnotherThreadReportsAndLeavesTheSpanCurrentHere() {
		onNewThread(() -> {
			ScopedSpan span = tracer().startScopedSpan("scoped");
			onNewThread(() -> {
				span.end();
				assertThat(tracer().currentSpan()).isNull();
			});
			assertThat(current().context()).isEqualTo(span.context());
		});
		onlyFinished();
	}

	@Test
	void whatHappensAfterTheEndIsIgnored() {
		ScopedSpan span = tracer().startScopedSpan("scoped");
		span.end();
		span.name("renamed").tag("after", "yes").event("after");
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("scoped");
		assertThat(recorded.tags()).doesNotContainKey("after");
		assertThat(recorded.events()).isEmpty();
	}

}
