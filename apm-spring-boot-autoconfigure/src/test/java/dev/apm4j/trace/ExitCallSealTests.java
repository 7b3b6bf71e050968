package dev.apm4j.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that go on while their segment is sealed: each is told of once.
 */
class ExitCallSealTests {

	private static final int THRESHOLD = 5;

	private final ConcurrentLinkedQueue<Segment> segments = new ConcurrentLinkedQueue<>();

	private final ApmTracer tracer = ApmTracer.builder().sink(this.segments::add).build();

	private final ExitCalls calls = new ExitCalls(this.tracer, THRESHOLD,
			() -> Map.of(DatabaseAttributes.CALLERS, List.of("shop.Orders.load(Orders.java:7)")));

	private final SpanTemplate items = SpanTemplate.of("SELECT items", Span.Kind.CLIENT, Map.of(), SpanLimits.DEFAULT);

	@ParameterizedTest
	@ValueSource(ints = { 0, THRESHOLD - 1, THRESHOLD, 20 })
	void aCallThatEndsAfterTheSealIsASegmentOfItsOwn(int before) {
		ApmSpan root = this.tracer.nextSpan().name("root").start();
		ExitCall late = this.calls.newCall();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
			repeat(before);
			late.begin(this.items, 0);
			root.end();
			Segment segment = seal();
			late.succeeded();
			late.addRows(3);
			assertThat(segment.calls().get(0).succeeded()).isEqualTo(before);
			assertThat(segment.calls().get(0).rows()).isZero();
			assertThat(segment.spans()).noneMatch(SpanData::isFailed).hasSize(1 + ((before < THRESHOLD) ? before : 1));
		}
		Segment own = seal();
		assertThat(own.cause()).isNotNull();
		assertThat(own.traceId()).isEqualTo(root.traceId());
		assertThat(own.root().name()).isEqualTo("SELECT items");
		assertThat(own.calls()).singleElement().satisfies((statistics) -> {
			assertThat(statistics.succeeded()).isEqualTo(1);
			assertThat(statistics.rows()).isEqualTo(3);
			assertThat(statistics.totalNanos()).isEqualTo(own.root().durationNanos());
		});
		assertThat(this.segments).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 20 })
	void aCallThatFailsAfterTheSealIsASegmentOfItsOwn(int before) {
		ApmSpan root = this.tracer.nextSpan().name("root").start();
		ExitCall late = this.calls.newCall();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
			repeat(before);
			late.begin(this.items, 0);
			root.end();
			Segment segment = seal();
			late.failed(new IllegalStateException("gone"), "08006");
			assertThat(segment.calls().get(0).failed()).isZero();
		}
		Segment own = seal();
		assertThat(own.root().error()).hasMessage("gone");
		assertThat(own.calls()).singleElement().satisfies((statistics) -> assertThat(statistics.failed()).isEqualTo(1));
	}

	@Test
	void aCallWhoseResultBreaksAfterTheSealStaysCountedAsItWas() {
		ApmSpan root = this.tracer.nextSpan().name("root").start();
		ExitCall call = this.calls.newCall();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
			call.begin(this.items, 0);
			call.succeeded();
			root.end();
			Segment segment = seal();
			long nanos = segment.calls().get(0).totalNanos();
			call.failedAfterwards(new IllegalStateException("gone"), "08006");
			assertThat(segment.calls()).singleElement().satisfies((statistics) -> {
				assertThat(statistics.succeeded() + statistics.failed()).isEqualTo(1);
				assertThat(statistics.totalNanos() + statistics.failedNanos()).isEqualTo(nanos);
			});
		}
	}

	@Test
	void callsThatShareASpanAreToldOfThoughOneOfThemBrokeLater() {
		ApmSpan root = this.tracer.nextSpan().name("root").start();
		ExitCall last = this.calls.newCall();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
			repeat(THRESHOLD - 1);
			last.begin(this.items, 0);
			last.succeeded();
			last.failedAfterwards(new IllegalStateException("gone"), "08006");
			root.end();
		}
		Segment segment = seal();
		assertThat(segment.spans()).hasSize(3)
			.filteredOn((span) -> span.attributes().containsKey(DatabaseAttributes.REPEATED))
			.singleElement()
			.satisfies((span) -> assertThat(span.attributes()).containsEntry(DatabaseAttributes.REPEATED,
					(long) THRESHOLD - 1));
	}

	@Test
	void everyCallOfManyThreadsIsCountedOnceWhateverIsSealedMeanwhile() throws Exception {
		int rounds = 400;
		AtomicInteger made = new AtomicInteger();
		AtomicInteger failures = new AtomicInteger();
		AtomicInteger threadsAtWork = new AtomicInteger();
		AtomicLong counted = new AtomicLong();
		AtomicLong countedFailures = new AtomicLong();
		List<String> wrong = new ArrayList<>();
		ExecutorService threads = Executors.newFixedThreadPool(5);
		try {
			Future<?> consumer = threads.submit(() -> {
				boolean goOn = true;
				while (goOn) {
					goOn = threadsAtWork.get() < 4;
					consume(() -> threadsAtWork.get() < 4, counted, countedFailures, wrong);
				}
				return null;
			});
			List<ApmSpan> roots = new ArrayList<>();
			for (int i = 0; i < rounds; i++) {
				roots.add(this.tracer.nextSpan().name("root").start());
			}
			List<Callable<Void>> work = new ArrayList<>();
			for (int thread = 0; thread < 4; thread++) {
				int me = thread;
				work.add(() -> {
					for (int round = 0; round < rounds; round++) {
						ApmSpan root = roots.get(round);
						try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
							for (int i = 0; i < 3 + (round + me) % 7; i++) {
								ExitCall call = this.calls.newCall();
								call.begin(this.items, 0);
								if ((i + round) % 11 == 0) {
									failures.incrementAndGet();
									call.failed(new IllegalStateException(), null);
								}
								else {
									made.incrementAndGet();
									call.succeeded();
								}
							}
						}
						if (me == 0) {
							root.end();
						}
					}
					threadsAtWork.incrementAndGet();
					return null;
				});
			}
			for (Future<Void> each : threads.invokeAll(work)) {
				each.get();
			}
			consumer.get();
		}
		finally {
			threads.shutdown();
		}
		assertThat(counted.get()).isEqualTo(made.get());
		assertThat(countedFailures.get()).isEqualTo(failures.get());
		assertThat(wrong).isEmpty();
	}

	/** As the pipeline does it, which waits for open spans only so long. */
	private void consume(BooleanSupplier busy, AtomicLong counted, AtomicLong failures, List<String> wrong) {
		Segment segment = this.segments.poll();
		while (segment != null) {
			for (int i = 0; i < 1000 && busy.getAsBoolean() && !segment.isComplete(); i++) {
				Thread.onSpinWait();
			}
			segment.seal();
			long groups = segment.spans()
				.stream()
				.filter((span) -> span.attribute(DatabaseAttributes.REPEATED) != null)
				.count();
			for (CallStatistics statistics : segment.calls()) {
				counted.addAndGet(statistics.succeeded());
				failures.addAndGet(statistics.failed());
				if (groups != (statistics.isRepeated() ? 1 : 0)) {
					wrong.add(groups + " groups of " + statistics);
				}
			}
			segment = this.segments.poll();
		}
	}

	private void repeat(int times) {
		for (int i = 0; i < times; i++) {
			ExitCall call = this.calls.newCall();
			call.begin(this.items, 0);
			call.succeeded();
		}
	}

	private Segment seal() {
		Segment segment = this.segments.remove();
		segment.seal();
		return segment;
	}

}
