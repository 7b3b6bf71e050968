package dev.apm4j.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ExitCallTests {

	private static final int THRESHOLD = 5;

	private final List<Segment> segments = new ArrayList<>();

	private final ApmTracer tracer = ApmTracer.builder().sink((segment) -> {
		segment.seal();
		this.segments.add(segment);
	}).build();

	private int groups;

	private final ExitCalls calls = new ExitCalls(this.tracer, THRESHOLD, () -> {
		this.groups++;
		return Map.of(DatabaseAttributes.CALLERS, List.of("shop.Orders.load(Orders.java:7)"));
	});

	private final SpanTemplate items = template("SELECT items");

	private final SpanTemplate prices = template("SELECT prices");

	private static SpanTemplate template(String name) {
		return SpanTemplate.of(name, Span.Kind.CLIENT, Map.of(DatabaseAttributes.QUERY_TEXT, name), SpanLimits.DEFAULT);
	}

	@Test
	void aCallIsAChildOfTheCurrentSpanWithTheAttributesOfItsTemplate() {
		Segment segment = request(() -> call(this.items));
		SpanData span = segment.spans().get(1);
		assertThat(span.name()).isEqualTo("SELECT items");
		assertThat(span.kind()).isEqualTo(Span.Kind.CLIENT);
		assertThat(span.parentNumber()).isZero();
		assertThat(span.attributes()).isEqualTo(Map.of(DatabaseAttributes.QUERY_TEXT, "SELECT items"));
		assertThat(span.attribute(DatabaseAttributes.QUERY_TEXT)).isEqualTo("SELECT items");
	}

	@Test
	void anAttributeOfTheSpanCountsMoreThanTheTemplates() {
		Segment segment = request(() -> {
			ExitCall call = this.calls.newCall();
			call.begin(this.items, 0);
			call.span().tag(DatabaseAttributes.QUERY_TEXT, "other").tag("rows", 3);
			call.succeeded();
		});
		Map<String, Object> walked = new LinkedHashMap<>();
		segment.spans().get(1).forEachAttribute((key, value) -> assertThat(walked.put(key, value)).isNull());
		assertThat(walked).isEqualTo(Map.of(DatabaseAttributes.QUERY_TEXT, "other", "rows", 3L));
		assertThat(segment.spans().get(1).attributes()).isEqualTo(walked);
	}

	@Test
	void belowTheThresholdEachCallIsASpan() {
		Segment segment = request(() -> repeat(THRESHOLD - 1, this.items));
		assertThat(segment.spans()).hasSize(1 + THRESHOLD - 1);
		assertThat(segment.calls()).singleElement().satisfies((statistics) -> {
			assertThat(statistics.succeeded()).isEqualTo(THRESHOLD - 1);
			assertThat(statistics.isRepeated()).isFalse();
		});
		assertThat(this.groups).isZero();
	}

	@Test
	void aRepeatedCallIsOneSpanWithItsCountAndTimes() {
		Segment segment = request(() -> {
			call(this.prices);
			repeat(10_000, this.items);
			call(this.prices);
		});
		assertThat(names(segment)).containsExactly("root", "SELECT prices", "SELECT items", "SELECT prices");
		SpanData group = segment.spans().get(2);
		CallStatistics statistics = segment.calls().get(1);
		assertThat(statistics.succeeded()).isEqualTo(10_000);
		assertThat(statistics.isRepeated()).isTrue();
		assertThat(group.durationNanos()).isEqualTo(statistics.totalNanos()).isPositive();
		assertThat(group.attribute(DatabaseAttributes.REPEATED)).isEqualTo(10_000L);
		assertThat(group.attribute(DatabaseAttributes.REPEATED_MIN)).isEqualTo(statistics.minNanos());
		assertThat(group.attribute(DatabaseAttributes.REPEATED_MAX)).isEqualTo(statistics.maxNanos());
		assertThat(group.attribute(DatabaseAttributes.CALLERS)).isEqualTo(List.of("shop.Orders.load(Orders.java:7)"));
		assertThat(this.groups).isEqualTo(1);
		assertThat(segment.droppedSpans()).isZero();
		assertThat(segment.size()).isLessThan(20);
	}

	@Test
	void callsBelowDifferentParentsAreOneSpanBelowWhatTheyHaveInCommon() {
		Segment segment = request(() -> in("load", () -> {
			for (int i = 0; i < 20; i++) {
				in("loadOne", () -> call(this.items));
			}
		}));
		SpanData load = segment.spans().get(1);
		assertThat(load.name()).isEqualTo("load");
		assertThat(segment.spans()).filteredOn((span) -> span.name().equals("SELECT items"))
			.singleElement()
			.satisfies((span) -> {
				assertThat(span.parentNumber()).isEqualTo(load.number());
				assertThat(span.parentId()).isEqualTo(load.spanId());
				assertThat(span.attribute(DatabaseAttributes.REPEATED)).isEqualTo(20L);
			});
	}

	@Test
	void theTypeOfAFailureWithoutCodeIsTheExceptions() {
		Segment segment = request(() -> {
			ExitCall call = this.calls.newCall();
			call.begin(this.items, 0);
			call.failed(new IllegalStateException("gone"), null);
			call.begin(this.items, 0);
			call.succeeded();
			call.failedAfterwards(new IllegalStateException("gone"), null);
		});
		assertThat(segment.spans().subList(1, 3)).extracting((span) -> span.attribute("error.type"))
			.containsOnly("java.lang.IllegalStateException");
	}

	@Test
	void aCallThatFailsHasASpanOfItsOwnAlsoAmongRepeatedOnes() {
		Segment segment = request(() -> {
			repeat(THRESHOLD + 3, this.items);
			ExitCall call = this.calls.newCall();
			call.begin(this.items, 0);
			call.failed(new IllegalStateException("gone"), "08006");
			repeat(2, this.items);
		});
		assertThat(names(segment)).containsExactly("root", "SELECT items", "SELECT items");
		SpanData failed = segment.spans().get(2);
		assertThat(failed.error()).hasMessage("gone");
		assertThat(failed.attribute(DatabaseAttributes.STATUS_CODE)).isEqualTo("08006");
		assertThat(failed.attribute("error.type")).isEqualTo("08006");
		assertThat(failed.attribute(DatabaseAttributes.REPEATED)).isNull();
		assertThat(segment.spans().get(1).attribute(DatabaseAttributes.REPEATED)).isEqualTo(THRESHOLD + 5L);
		assertThat(segment.spans().get(1).isFailed()).isFalse();
		assertThat(segment.calls().get(0).failed()).isEqualTo(1);
		assertThat(segment.calls().get(0).failedNanos()).isEqualTo(failed.durationNanos());
		assertThat(segment.failed()).isTrue();
	}

	@Test
	void callsThatFailAreNeverMadeOne() {
		Segment segment = request(() -> {
			for (int i = 0; i < 10; i++) {
				ExitCall call = this.calls.newCall();
				call.begin(this.items, 0);
				call.failed(new IllegalStateException(), null);
			}
		});
		assertThat(segment.spans()).hasSize(11);
		assertThat(segment.calls().get(0).isRepeated()).isFalse();
	}

	@Test
	void rowsAreCountedAfterTheEndOfTheCall() {
		Segment segment = request(() -> {
			ExitCall call = this.calls.newCall();
			call.begin(this.items, 0);
			call.succeeded();
			call.addRows(2);
			call.addRows(1);
		});
		assertThat(segment.spans().get(1).attribute(DatabaseAttributes.RETURNED_ROWS)).isEqualTo(3L);
		assertThat(segment.calls().get(0).rows()).isEqualTo(3);
	}

	@Test
	void rowsAndWaitsOfRepeatedCallsAreSummedUp() {
		Segment segment = request(() -> {
			for (int i = 0; i < 20; i++) {
				ExitCall call = this.calls.newCall();
				call.begin(this.items, 1000);
				call.succeeded();
				call.addRows(3);
			}
		});
		SpanData group = segment.spans().get(1);
		assertThat(group.attribute(DatabaseAttributes.RETURNED_ROWS)).isEqualTo(60L);
		assertThat(group.attribute(DatabaseAttributes.CONNECTION_WAIT)).isEqualTo(20_000L);
		assertThat(segment.spans()).hasSize(2);
	}

	@Test
	void anAttributeThatIsKnownAfterTheEndIsSetThen() {
		Segment segment = request(() -> {
			ExitCall call = this.calls.newCall();
			call.addAffectedRows(1);
			call.begin(this.items, 0);
			call.succeeded();
			call.addAffectedRows(1);
			call.addAffectedRows(1);
			call.forget();
			call.addAffectedRows(1);
		});
		assertThat(segment.spans().get(1).attribute(DatabaseAttributes.AFFECTED_ROWS)).isEqualTo(2L);
	}

	@Test
	void aCallThatBeganEarlierIsAsLongAsItWas() {
		Segment segment = request(() -> {
			ExitCall call = this.calls.newCall();
			call.beginEarlier(this.items, 0, System.nanoTime() - 5_000_000);
			call.failed(new IllegalStateException(), null);
		});
		assertThat(segment.spans().get(1).durationNanos()).isGreaterThanOrEqualTo(5_000_000)
			.isEqualTo(segment.calls().get(0).failedNanos());
	}

	@Test
	void aCallOutsideAnySegmentIsASegmentOfItsOwn() {
		repeat(THRESHOLD * 2, this.items);
		assertThat(this.segments).hasSize(THRESHOLD * 2).allSatisfy((segment) -> {
			assertThat(names(segment)).containsExactly("SELECT items");
			assertThat(segment.root().kind()).isEqualTo(Span.Kind.CLIENT);
		});
	}

	@Test
	void nothingIsRecordedWhereTracingIsSuppressedOrPaused() {
		try (Tracer.SpanInScope scope = this.tracer.suppress()) {
			call(this.items);
		}
		this.tracer.pause();
		request(() -> call(this.items), false);
		call(this.items);
		assertThat(this.segments).isEmpty();
	}

	@Test
	void anUnsampledSegmentCountsItsCallsWithoutSpans() {
		this.tracer.setSamplingPolicy(new SamplingPolicy(0, 0, null, false));
		Segment segment = request(() -> {
			repeat(7, this.items);
			ExitCall call = this.calls.newCall();
			call.begin(this.items, 0);
			assertThat(call.span()).isNull();
			call.failed(new IllegalStateException(), null);
		});
		assertThat(segment.spans()).hasSize(1);
		assertThat(segment.calls()).singleElement().satisfies((statistics) -> {
			assertThat(statistics.succeeded()).isEqualTo(7);
			assertThat(statistics.failed()).isEqualTo(1);
			assertThat(statistics.isRepeated()).isTrue();
		});
	}

	@Test
	void kindsOfCallsAreBoundedAndTheRestIsCountedTogether() {
		Segment segment = request(() -> {
			for (int i = 0; i < 2 * Segment.MAX_CALLS; i++) {
				call(template("SELECT t" + i));
			}
		});
		List<CallStatistics> statistics = segment.calls();
		assertThat(statistics).hasSize(Segment.MAX_CALLS + 1);
		assertThat(statistics.get(Segment.MAX_CALLS).template()).isNull();
		assertThat(statistics.get(Segment.MAX_CALLS).succeeded()).isEqualTo(Segment.MAX_CALLS);
		assertThat(segment.spans()).hasSize(1 + 2 * Segment.MAX_CALLS);
	}

	@Test
	void aSegmentThatIsFullGoesOnCounting() {
		ApmTracer small = ApmTracer.builder()
			.limits(new SpanLimits(3, 64, 4096, 64, 32))
			.sink(this.segments::add)
			.build();
		ExitCalls few = new ExitCalls(small, 0, Map::of);
		Span root = small.nextSpan().name("root").start();
		try (Tracer.SpanInScope scope = small.withSpan(root)) {
			for (int i = 0; i < 10; i++) {
				ExitCall call = few.newCall();
				call.begin(this.items, 0);
				call.succeeded();
			}
		}
		root.end();
		Segment segment = this.segments.get(0);
		assertThat(segment.spans()).hasSize(3);
		assertThat(segment.calls().get(0).succeeded()).isEqualTo(10);
	}

	@Test
	void threadsOfOneSegmentCountTogether() throws Exception {
		ApmSpan root = this.tracer.nextSpan().name("root").start();
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Callable<Void>> work = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				work.add(() -> {
					try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
						repeat(2_000, this.items);
					}
					return null;
				});
			}
			for (Future<Void> each : threads.invokeAll(work)) {
				each.get();
			}
		}
		finally {
			threads.shutdown();
		}
		root.end();
		Segment segment = this.segments.get(0);
		assertThat(segment.calls()).singleElement()
			.satisfies((statistics) -> assertThat(statistics.succeeded()).isEqualTo(16_000));
		assertThat(names(segment)).containsExactly("root", "SELECT items");
		assertThat(segment.spans().get(1).attribute(DatabaseAttributes.REPEATED)).isEqualTo(16_000L);
	}

	@Test
	void aListenerThatThrowsHarmsNobody() {
		ExitCalls broken = new ExitCalls(this.tracer, 2, () -> {
			throw new IllegalStateException();
		});
		Segment segment = request(() -> {
			for (int i = 0; i < 3; i++) {
				ExitCall call = broken.newCall();
				call.begin(this.items, 0);
				call.succeeded();
			}
		});
		assertThat(segment.spans().get(1).attribute(DatabaseAttributes.REPEATED)).isEqualTo(3L);
	}

	@Test
	void aThresholdOfOneIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ExitCalls(this.tracer, 1, Map::of))
			.withMessageContaining("2 or more");
	}

	private Segment request(Runnable work) {
		request(work, true);
		return this.segments.get(this.segments.size() - 1);
	}

	private void request(Runnable work, boolean seen) {
		in("root", work);
		assertThat(this.segments.isEmpty()).isNotEqualTo(seen);
	}

	private void in(String name, Runnable work) {
		Span span = this.tracer.nextSpan().name(name).start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
			work.run();
		}
		finally {
			span.end();
		}
	}

	private void repeat(int times, SpanTemplate template) {
		for (int i = 0; i < times; i++) {
			call(template);
		}
	}

	private void call(SpanTemplate template) {
		ExitCall call = this.calls.newCall();
		call.begin(template, 0);
		call.succeeded();
	}

	private static List<String> names(Segment segment) {
		return segment.spans().stream().map(SpanData::name).toList();
	}

	@Test
	void rowsThatAGroupChangedAreThoseOfAllItsCalls() {
		Segment segment = request(() -> {
			ExitCall call = this.calls.newCall();
			for (int i = 0; i < 20; i++) {
				call.begin(this.items, 0);
				call.addAffectedRows(2);
				call.succeeded();
			}
		});
		assertThat(segment.spans().get(1).attribute(DatabaseAttributes.AFFECTED_ROWS)).isEqualTo(40L);
		assertThat(segment.calls().get(0).affectedRows()).isEqualTo(40);
	}

	@Test
	void aGroupOfCallsAtTheSameTimeEndsWithTheLastOfThem() {
		Segment segment = request(() -> {
			List<ExitCall> open = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				ExitCall call = this.calls.newCall();
				call.begin(this.items, 0);
				open.add(call);
			}
			open.forEach(ExitCall::succeeded);
		});
		SpanData root = segment.root();
		SpanData group = segment.spans().get(1);
		assertThat(group.attribute(DatabaseAttributes.REPEATED)).isEqualTo(100L);
		assertThat(group.startEpochNanos() + group.durationNanos())
			.isLessThanOrEqualTo(root.startEpochNanos() + root.durationNanos());
		assertThat(segment.calls().get(0).totalNanos()).isGreaterThan(group.durationNanos());
	}

}
