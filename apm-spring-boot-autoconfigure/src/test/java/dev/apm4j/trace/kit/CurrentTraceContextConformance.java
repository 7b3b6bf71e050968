package dev.apm4j.trace.kit;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Scopes by trace context, and tasks that carry the context to another thread.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>{@code newScope(null)}: clears, against changes nothing ({@code maybeScope(null)}
 * clears in both).</li>
 * <li>{@code context()} inside {@code withSpan(null)}: {@code null}, against an invalid
 * context with zero ids.</li>
 * <li>wrapped executors: the context is captured at each {@code execute}, against once by
 * {@code wrap}.</li>
 * <li>a context rebuilt from the ids of a span: equals that of the span and its scope
 * finds the span again, against neither.</li>
 * <li>the current span in the scope of a foreign context: records and is reported,
 * against is a no-op.</li>
 * </ul>
 */
abstract class CurrentTraceContextConformance extends TracerConformance {

	@Test
	void noContextIsCurrentAtFirst() {
		assertThat(contexts().context()).isNull();
	}

	@Test
	void contextIsThatOfTheCurrentSpan() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(contexts().context()).isEqualTo(span.context());
		}
		assertThat(contexts().context()).isNull();
		span.end();
	}

	@Test
	void newScopeMakesParent() {
		Span span = start("span");
		try (CurrentTraceContext.Scope scope = contexts().newScope(span.context())) {
			assertThat(contexts().context()).isEqualTo(span.context());
			assertThat(current().context().spanId()).isEqualTo(span.context().spanId());
			Span child = start("child");
			assertThat(child.context().parentId()).isEqualTo(span.context().spanId());
			child.end();
		}
		assertThat(contexts().context()).isNull();
		span.end();
		finished(2);
	}

	@Test
	void newScopesNest() {
		Span outer = start("outer");
		Span inner = start("inner");
		try (CurrentTraceContext.Scope a = contexts().newScope(outer.context())) {
			try (CurrentTraceContext.Scope b = contexts().newScope(inner.context())) {
				assertThat(contexts().context()).isEqualTo(inner.context());
			}
			assertThat(contexts().context()).isEqualTo(outer.context());
		}
		assertThat(contexts().context()).isNull();
		inner.end();
		outer.end();
	}

	@Test
	void newScopeOfNullWithoutCurrentIsHarmless() {
		try (CurrentTraceContext.Scope scope = contexts().newScope(null)) {
			assertThat(contexts().context()).isNull();
		}
		assertThat(contexts().context()).isNull();
	}

	@Test
	void closeOfScopeOfNullRestores() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			contexts().newScope(null).close();
			assertThat(contexts().context()).isEqualTo(span.context());
		}
		span.end();
	}

	@Test
	void maybeScopeOfNullClearsAndCloseRestores() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			try (CurrentTraceContext.Scope none = contexts().maybeScope(null)) {
				assertThat(contexts().context()).isNull();
				assertThat(tracer().currentSpan()).isNull();
			}
			assertThat(contexts().context()).isEqualTo(span.context());
		}
		span.end();
	}

	@Test
	void maybeScopeOfCurrentChangesNothing() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			try (CurrentTraceContext.Scope same = contexts().maybeScope(span.context())) {
				assertThat(contexts().context()).isEqualTo(span.context());
			}
			assertThat(contexts().context()).isEqualTo(span.context());
		}
		assertThat(contexts().context()).isNull();
		span.end();
	}

	@Test
	void maybeScopeOfOtherContextOpensIt() {
		Span outer = start("outer");
		Span inner = start("inner");
		try (Tracer.SpanInScope scope = tracer().withSpan(outer)) {
			try (CurrentTraceContext.Scope other = contexts().maybeScope(inner.context())) {
				assertThat(contexts().context()).isEqualTo(inner.context());
			}
			assertThat(contexts().context()).isEqualTo(outer.context());
		}
		inner.end();
		outer.end();
	}

	@Test
	void maybeScopeOpensOnAnotherThreadWhatIsCurrentHere() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			onNewThread(() -> {
				try (CurrentTraceContext.Scope other = contexts().maybeScope(span.context())) {
					assertThat(contexts().context()).isEqualTo(span.context());
					current().tag("thread", "other");
				}
				assertThat(contexts().context()).isNull();
			});
			assertThat(contexts().context()).isEqualTo(span.context());
		}
		span.end();
		assertThat(onlyFinished().tags()).containsEntry("thread", "other");
	}

	@Test
	void scopeClosesTwiceLikeOnce() {
		Span span = start("span");
		CurrentTraceContext.Scope scope = contexts().newScope(span.context());
		scope.close();
		scope.close();
		assertThat(contexts().context()).isNull();
		span.end();
	}

	@Test
	void wrappedRunnableCarriesTheContext() {
		Span span = start("span");
		AtomicReference<@Nullable TraceContext> seen = new AtomicReference<>();
		Runnable wrapped;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			wrapped = contexts().wrap((Runnable) () -> seen.set(contexts().context()));
		}
		onNewThread(() -> {
			wrapped.run();
			assertThat(contexts().context()).isNull();
		});
		assertThat(seen.get()).isEqualTo(span.context());
		span.end();
	}

	@Test
	void wrappedTaskRunsAgain() throws Exception {
		Span span = start("span");
		Callable<@Nullable TraceContext> wrapped;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			wrapped = contexts().wrap((Callable<@Nullable TraceContext>) () -> contexts().context());
		}
		assertThat(wrapped.call()).isEqualTo(span.context());
		assertThat(wrapped.call()).isEqualTo(span.context());
		assertThat(contexts().context()).isNull();
		span.end();
	}

	@Test
	void wrappedTaskReplacesAndRestoresTheContextOfItsThread() throws Exception {
		Span captured = start("captured");
		Span worker = start("worker");
		Callable<@Nullable TraceContext> wrapped;
		try (Tracer.SpanInScope scope = tracer().withSpan(captured)) {
			wrapped = contexts().wrap((Callable<@Nullable TraceContext>) () -> contexts().context());
		}
		try (Tracer.SpanInScope scope = tracer().withSpan(worker)) {
			assertThat(wrapped.call()).isEqualTo(captured.context());
			assertThat(contexts().context()).isEqualTo(worker.context());
		}
		worker.end();
		captured.end();
	}

	@Test
	void taskWrappedWithoutContextRunsWithoutContext() throws Exception {
		Callable<@Nullable TraceContext> wrapped = contexts()
			.wrap((Callable<@Nullable TraceContext>) () -> contexts().context());
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(wrapped.call()).isNull();
			assertThat(contexts().context()).isEqualTo(span.context());
		}
		span.end();
	}

	@Test
	void exceptionOfWrappedTaskPassesAndContextIsRestored() {
		Span span = start("span");
		Callable<Object> callable;
		Runnable runnable;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			callable = contexts().wrap((Callable<Object>) () -> {
				throw new IOException("mine");
			});
			runnable = contexts().wrap((Runnable) () -> {
				throw new IllegalStateException("mine");
			});
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(callable::call).withMessage("mine");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(runnable::run).withMessage("mine");
		assertThat(contexts().context()).isNull();
		span.end();
	}

	@Test
	void wrappedExecutorCarriesTheContext() {
		Span span = start("span");
		AtomicReference<@Nullable TraceContext> seen = new AtomicReference<>();
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			Executor executor = contexts().wrap((Executor) TracerConformance::onNewThread);
			executor.execute(() -> seen.set(contexts().context()));
		}
		assertThat(seen.get()).isEqualTo(span.context());
		span.end();
	}

	@Test
	void wrappedExecutorServiceCarriesTheContext() throws Exception {
		ExecutorService delegate = Executors.newSingleThreadExecutor();
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			ExecutorService wrapped = contexts().wrap(delegate);
			AtomicReference<@Nullable TraceContext> seen = new AtomicReference<>();
			get(wrapped.submit(() -> seen.set(contexts().context())));
			assertThat(seen.get()).isEqualTo(span.context());
			Callable<@Nullable TraceContext> task = () -> contexts().context();
			assertThat(get(wrapped.submit(task))).isEqualTo(span.context());
			for (Future<@Nullable TraceContext> future : wrapped.invokeAll(List.of(task, task))) {
				assertThat(get(future)).isEqualTo(span.context());
			}
			assertThat(wrapped.invokeAny(List.of(task))).isEqualTo(span.context());
			assertThat(get(delegate.submit(task))).as("the worker is clean afterwards").isNull();
		}
		finally {
			delegate.shutdownNow();
		}
		span.end();
	}

	@Test
	void wrappedExecutorServiceControlsItsDelegate() {
		ExecutorService delegate = Executors.newSingleThreadExecutor();
		ExecutorService wrapped = contexts().wrap(delegate);
		assertThat(wrapped.isShutdown()).isFalse();
		wrapped.shutdown();
		assertThat(delegate.isShutdown()).isTrue();
		assertThat(wrapped.isShutdown()).isTrue();
	}

	private CurrentTraceContext contexts() {
		return tracer().currentTraceContext();
	}

}
