package dev.apm4j.trace.kit;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.SpanAndScope;
import io.micrometer.tracing.ThreadLocalSpan;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * The current span of a thread.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>outer scope closed before the inner: nothing is current, then the outer again,
 * against the close of the outer is ignored. In both the outer span stays current after
 * both are closed.</li>
 * <li>inner scope closed again after the outer: the outer is current again, against
 * nothing happens; a scope closed again inside a newer one: the newer one is lost,
 * against kept.</li>
 * <li>a scope closed on another thread: overwrites what is current there, against does
 * nothing.</li>
 * <li>{@code withSpan(Span.NOOP)}: {@code ClassCastException}, against clears.</li>
 * </ul>
 */
abstract class ScopeConformance extends TracerConformance {

	@Test
	void noSpanIsCurrentAtFirst() {
		assertThat(tracer().currentSpan()).isNull();
	}

	@Test
	void startDoesNotMakeCurrent() {
		Span span = start("span");
		assertThat(tracer().currentSpan()).isNull();
		span.end();
	}

	@Test
	void scopeMakesCurrentAndCloseRestores() {
		Span span = start("span");
		Tracer.SpanInScope scope = tracer().withSpan(span);
		assertThat(current().context()).isEqualTo(span.context());
		scope.close();
		assertThat(tracer().currentSpan()).isNull();
		span.end();
	}

	@Test
	void currentSpanEqualsTheOpenedOne() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertEqual(span, current());
		}
		span.end();
	}

	@Test
	void currentSpanEqualsTheOpenedChild() {
		Span parent = start("parent");
		Span child = startChild(parent, "child");
		try (Tracer.SpanInScope outer = tracer().withSpan(parent);
				Tracer.SpanInScope inner = tracer().withSpan(child)) {
			assertEqual(child, current());
			assertThat(current()).isNotEqualTo(parent);
		}
		child.end();
		parent.end();
	}

	@Test
	void nestedScopesRestoreOneByOne() {
		Span outer = start("outer");
		Span inner = start("inner");
		try (Tracer.SpanInScope outerScope = tracer().withSpan(outer)) {
			try (Tracer.SpanInScope innerScope = tracer().withSpan(inner)) {
				assertThat(current()).isEqualTo(inner);
			}
			assertThat(current()).isEqualTo(outer);
		}
		assertThat(tracer().currentSpan()).isNull();
		inner.end();
		outer.end();
	}

	@Test
	void sameSpanMayBeOpenedTwice() {
		Span span = start("span");
		try (Tracer.SpanInScope outer = tracer().withSpan(span)) {
			tracer().withSpan(span).close();
			assertThat(current()).isEqualTo(span);
		}
		assertThat(tracer().currentSpan()).isNull();
		span.end();
	}

	@Test
	void sameSpanMayBeOpenedAgainAfterAnother() {
		Span first = start("first");
		Span second = start("second");
		try (Tracer.SpanInScope a = tracer().withSpan(first); Tracer.SpanInScope b = tracer().withSpan(second)) {
			try (Tracer.SpanInScope c = tracer().withSpan(first)) {
				assertThat(current()).isEqualTo(first);
			}
			assertThat(current()).isEqualTo(second);
		}
		second.end();
		first.end();
	}

	@Test
	void scopeOfNullClearsAndCloseRestores() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			try (Tracer.SpanInScope none = tracer().withSpan(null)) {
				assertThat(tracer().currentSpan()).isNull();
				Span root = start("root");
				assertThat(root.context().traceId()).isNotEqualTo(span.context().traceId());
				assertThat(root.context().parentId()).isNull();
				root.end();
			}
			assertThat(current()).isEqualTo(span);
		}
		span.end();
	}

	@Test
	void scopeOfNullWithoutCurrentIsHarmless() {
		try (Tracer.SpanInScope none = tracer().withSpan(null)) {
			assertThat(tracer().currentSpan()).isNull();
		}
		assertThat(tracer().currentSpan()).isNull();
	}

	@Test
	void closeTwiceIsCloseOnce() {
		Span outer = start("outer");
		Span inner = start("inner");
		try (Tracer.SpanInScope outerScope = tracer().withSpan(outer)) {
			Tracer.SpanInScope innerScope = tracer().withSpan(inner);
			innerScope.close();
			innerScope.close();
			assertThat(current()).isEqualTo(outer);
		}
		inner.end();
		outer.end();
	}

	@Test
	void closeInWrongOrderDoesNotThrowAndLeavesTheThreadUsable() {
		Span outer = start("outer");
		Span inner = start("inner");
		onNewThread(() -> {
			Tracer.SpanInScope outerScope = tracer().withSpan(outer);
			Tracer.SpanInScope innerScope = tracer().withSpan(inner);
			outerScope.close();
			innerScope.close();
			assertThat(tracer().currentSpan()).isNotEqualTo(inner);
			Span next = tracer().spanBuilder().name("next").setParent(inner.context()).start();
			try (Tracer.SpanInScope scope = tracer().withSpan(next)) {
				assertThat(current().context()).isEqualTo(next.context());
			}
			next.end();
		});
		assertThat(tracer().currentSpan()).isNull();
		inner.end();
		outer.end();
	}

	@Test
	void closeOnAnotherThreadDoesNotThrowAndOpensNothingThere() {
		Span span = start("span");
		onNewThread(() -> {
			Tracer.SpanInScope scope = tracer().withSpan(span);
			onNewThread(() -> {
				assertThatCode(scope::close).doesNotThrowAnyException();
				assertThat(tracer().currentSpan()).isNull();
			});
		});
		assertThat(tracer().currentSpan()).isNull();
		span.end();
	}

	@Test
	void closeOnAnotherThreadLeavesTheScopeOpenHere() {
		Span span = start("span");
		Tracer.SpanInScope scope = tracer().withSpan(span);
		onNewThread(scope::close);
		assertThat(current()).isEqualTo(span);
		scope.close();
		assertThat(tracer().currentSpan()).isNull();
		span.end();
	}

	@Test
	void spanThatIsNotStartedCanBeCurrent() {
		Span span = tracer().nextSpan().name("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertEqual(span, current());
		}
		span.start().end();
		onlyFinished();
	}

	@Test
	void scopeIsNotSeenByOtherThreads() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			onNewThread(() -> assertThat(tracer().currentSpan()).isNull());
		}
		span.end();
	}

	@Test
	void endDoesNotCloseTheScope() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			span.end();
			assertThat(current().context()).isEqualTo(span.context());
		}
		assertThat(tracer().currentSpan()).isNull();
	}

	@Test
	void scopeCanBeOpenedAgain() {
		Span span = start("span");
		for (int i = 0; i < 3; i++) {
			try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
				assertThat(current()).isEqualTo(span);
			}
			assertThat(tracer().currentSpan()).isNull();
		}
		span.end();
		onlyFinished();
	}

	@Test
	void closeDoesNotEndTheSpan() {
		Span span = start("span");
		tracer().withSpan(span).close();
		finished(0);
		span.end();
		onlyFinished();
	}

	@Test
	void currentSpanWritesToTheOpenedOne() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			current().name("renamed").tag("key", "value").event("event");
		}
		span.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("renamed");
		assertThat(recorded.tags()).containsEntry("key", "value");
		assertThat(recorded.eventNames()).containsExactly("event");
	}

	@Test
	void currentSpanCanBeEnded() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			current().end();
		}
		span.end();
		assertThat(onlyFinished().spanId()).isEqualTo(span.context().spanId());
	}

	@Test
	void deepNestingIsRestored() {
		Span root = start("root");
		nest(root, 50);
		assertThat(tracer().currentSpan()).isNull();
		root.end();
		finished(51);
	}

	@Test
	void threadLocalSpanWorksOverTheTracer() {
		ThreadLocalSpan spans = new ThreadLocalSpan(tracer());
		Span outer = start("outer");
		Span inner = start("inner");
		spans.set(outer);
		spans.set(inner);
		assertThat(current()).isEqualTo(inner);
		SpanAndScope removed = spans.remove();
		assertThat(removed.getSpan()).isEqualTo(inner);
		assertThat(current()).isEqualTo(outer);
		spans.remove();
		assertThat(tracer().currentSpan()).isNull();
		inner.end();
		outer.end();
	}

	private static void assertEqual(Span span, Span current) {
		assertThat(current).isEqualTo(span).hasSameHashCodeAs(span);
		assertThat(span).isEqualTo(current);
		assertThat(current.context()).isEqualTo(span.context()).hasSameHashCodeAs(span.context());
	}

	private void nest(Span span, int depth) {
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			if (depth > 0) {
				Span child = start("child");
				nest(child, depth - 1);
				child.end();
			}
			assertThat(current()).isEqualTo(span);
		}
	}

}
