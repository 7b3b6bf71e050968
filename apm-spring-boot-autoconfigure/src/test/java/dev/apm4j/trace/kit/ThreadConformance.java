package dev.apm4j.trace.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spans on several threads.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>closing of scopes on other threads, see {@link ScopeConformance}.</li>
 * </ul>
 */
abstract class ThreadConformance extends TracerConformance {

	private static final int THREADS = 8;

	@Test
	void spanEndsOnAnotherThread() {
		Span span = start("span");
		onNewThread(() -> span.tag("thread", "other").event("moved").end());
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.tags()).containsEntry("thread", "other");
		assertThat(recorded.eventNames()).containsExactly("moved");
	}

	@Test
	void spanEndsOnAnotherThreadWhileCurrentHere() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			onNewThread(() -> span.end());
			assertThat(current().context()).isEqualTo(span.context());
		}
		onlyFinished();
	}

	@Test
	void spanOfAnotherThreadCanBeCurrentHere() {
		Span span = onNewThread(() -> start("span"));
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(current()).isEqualTo(span);
			Span child = start("child");
			assertThat(child.context().parentId()).isEqualTo(span.context().spanId());
			child.end();
		}
		span.end();
		finished(2);
	}

	@Test
	void spanCanBeCurrentOnTwoThreads() {
		Span span = start("span");
		try (Tracer.SpanInScope here = tracer().withSpan(span)) {
			onNewThread(() -> {
				try (Tracer.SpanInScope there = tracer().withSpan(span)) {
					assertThat(current()).isEqualTo(span);
				}
				assertThat(tracer().currentSpan()).isNull();
			});
			assertThat(current()).isEqualTo(span);
		}
		span.end();
	}

	@Test
	void childStartsOnAnotherThread() {
		Span parent = start("parent");
		onNewThread(() -> startChild(parent, "child").end());
		parent.end();
		assertThat(finished(finished(2), "child").parentId()).isEqualTo(parent.context().spanId());
	}

	@Test
	void childOfAnotherThreadOutlivesItsParent() {
		Span parent = start("parent");
		Span child = onNewThread(() -> startChild(parent, "child"));
		parent.end();
		onNewThread(() -> child.end());
		assertThat(finished(finished(2), "child").parentId()).isEqualTo(parent.context().spanId());
	}

	@Test
	void endFromManyThreadsReportsOnce() throws Exception {
		for (int round = 0; round < 20; round++) {
			Span span = start("span" + round);
			together((thread) -> span.end());
		}
		finished(20);
	}

	@Test
	void tagsFromManyThreadsAreKept() throws Exception {
		Span span = start("span");
		together((thread) -> {
			for (int i = 0; i < 10; i++) {
				span.tag("key-" + thread + "-" + i, "value");
			}
		});
		span.end();
		RecordedSpan recorded = onlyFinished();
		for (int thread = 0; thread < THREADS; thread++) {
			for (int i = 0; i < 10; i++) {
				assertThat(recorded.tags()).containsEntry("key-" + thread + "-" + i, "value");
			}
		}
	}

	@Test
	void childrenFromManyThreadsBelongToTheirParent() throws Exception {
		Span parent = start("parent");
		together((thread) -> {
			try (Tracer.SpanInScope scope = tracer().withSpan(parent)) {
				for (int i = 0; i < 10; i++) {
					start("child").end();
				}
			}
		});
		parent.end();
		List<RecordedSpan> spans = finished(THREADS * 10 + 1);
		assertThat(spans).extracting(RecordedSpan::spanId).doesNotHaveDuplicates();
		assertThat(spans).filteredOn((span) -> span.name().equals("child")).hasSize(THREADS * 10).allSatisfy((span) -> {
			assertThat(span.parentId()).isEqualTo(parent.context().spanId());
			assertThat(span.traceId()).isEqualTo(parent.context().traceId());
		});
	}

	@Test
	void thousandSpansFromManyThreadsHaveTheRightParents() throws Exception {
		// 8 threads, 25 requests each, a line of 5 spans a request.
		Map<String, String> parents = new ConcurrentHashMap<>();
		Map<String, String> traces = new ConcurrentHashMap<>();
		together((thread) -> {
			for (int request = 0; request < 25; request++) {
				nest(5, parents, traces);
			}
		});
		List<RecordedSpan> spans = finished(1000);
		assertThat(spans).extracting(RecordedSpan::spanId).doesNotHaveDuplicates();
		assertThat(spans).extracting(RecordedSpan::traceId).hasSize(1000);
		assertThat(spans.stream().map(RecordedSpan::traceId).distinct()).hasSize(200);
		assertThat(spans).allSatisfy((span) -> {
			String parent = (span.parentId() != null) ? span.parentId() : "none";
			assertThat(parent).isEqualTo(parents.get(span.spanId()));
			assertThat(span.traceId()).isEqualTo(traces.get(span.spanId()));
		});
	}

	private void nest(int depth, Map<String, String> parents, Map<String, String> traces) {
		if (depth == 0) {
			return;
		}
		Span outer = tracer().currentSpan();
		Span span = start("span");
		parents.put(span.context().spanId(), (outer != null) ? outer.context().spanId() : "none");
		traces.put(span.context().spanId(), (outer != null) ? outer.context().traceId() : span.context().traceId());
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			nest(depth - 1, parents, traces);
		}
		span.end();
	}

	private void together(ThreadTask task) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		CyclicBarrier barrier = new CyclicBarrier(THREADS);
		try {
			List<Future<Boolean>> results = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int thread = i;
				Callable<Boolean> call = () -> {
					barrier.await();
					task.run(thread);
					assertThat(tracer().currentSpan()).isNull();
					return true;
				};
				results.add(executor.submit(call));
			}
			results.forEach(TracerConformance::get);
		}
		finally {
			executor.shutdownNow();
		}
	}

	private interface ThreadTask {

		void run(int thread);

	}

}
