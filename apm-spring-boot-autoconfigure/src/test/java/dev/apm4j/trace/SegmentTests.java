package dev.apm4j.trace;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Segment}: what belongs to the work of one request.
 */
class SegmentTests {

	private final List<Segment> ended = new CopyOnWriteArrayList<>();

	private final ApmTracer tracer = ApmTracer.builder().sink(this.ended::add).build();

	@Test
	void spansAreNumberedInTheOrderOfTheirStart() {
		ApmSpan root = this.tracer.nextSpan().name("root").start();
		ApmSpan first = this.tracer.nextSpan(root).name("first").start();
		ApmSpan below = this.tracer.nextSpan(first).name("below").start();
		below.end();
		first.end();
		this.tracer.nextSpan(root).name("second").start().end();
		root.end();
		List<SpanData> spans = seal().spans();
		assertThat(spans).extracting(SpanData::name).containsExactly("root", "first", "below", "second");
		assertThat(spans).extracting(SpanData::number).containsExactly(0, 1, 2, 3);
		assertThat(spans).extracting(SpanData::parentNumber).containsExactly(-1, 0, 1, 0);
		assertThat(spans.get(2).parentId()).isEqualTo(spans.get(1).spanId());
	}

	@Test
	void segmentIsHandedOverOnceWhoeverEndsTheRoot() {
		ApmSpan root = this.tracer.nextSpan().start();
		IntStream.range(0, 8)
			.mapToObj((i) -> CompletableFuture.runAsync(root::end))
			.toList()
			.forEach(CompletableFuture::join);
		assertThat(this.ended).hasSize(1);
	}

	@Test
	void spanThatEndsAfterTheRootIsStillPartOfTheSegmentUntilItIsSealed() {
		ApmSpan root = this.tracer.nextSpan().start();
		ApmSpan onOtherThread = this.tracer.nextSpan(root).name("late").start();
		root.end();
		Segment segment = this.ended.get(0);
		assertThat(segment.isComplete()).isFalse();
		onOtherThread.end();
		assertThat(segment.isComplete()).isTrue();
		segment.seal();
		assertThat(segment.spans()).extracting(SpanData::name).containsExactly("", "late");
	}

	@Test
	void spanThatStartsAfterTheSegmentWasSealedGetsASegmentThatRefersToIt() {
		ApmSpan root = this.tracer.nextSpan().name("request").start();
		ApmSpan prepared = this.tracer.nextSpan(root).name("prepared");
		root.end();
		seal();
		prepared.start().end();
		this.tracer.nextSpan(root).name("later").start().end();
		assertThat(this.ended).hasSize(3);
		for (Segment later : this.ended.subList(1, 3)) {
			assertThat(later.traceId()).isEqualTo(root.traceId());
			assertThat(later.root().parentId()).isEqualTo(root.spanId());
			assertThat(later.cause().local()).isTrue();
			assertThat(later.cause().reference().segmentId()).isEqualTo(root.owner().id());
			assertThat(later.cause().reference().endpoint()).isEqualTo("request");
		}
	}

	@Test
	void ownSegmentForWorkThatIsOnlyCausedByThis() {
		ApmSpan request = this.tracer.nextSpan().start();
		ApmSpan job = this.tracer.nextSegment(request).name("job").start();
		assertThat(job.isRoot()).isTrue();
		assertThat(job.traceId()).isEqualTo(request.traceId());
		assertThat(job.parentId()).isEqualTo(request.spanId());
		assertThat(job.owner()).isNotSameAs(request.owner());
	}

	@Test
	void segmentThatIsFullCountsWhatItDropsAndKeepsPropagating() {
		ApmTracer small = ApmTracer.builder().sink(this.ended::add).limits(new SpanLimits(3, 64, 4096, 64, 32)).build();
		ApmSpan root = small.nextSpan().start();
		for (int i = 0; i < 10; i++) {
			ApmSpan child = small.nextSpan(root).start();
			assertThat(child.traceId()).isEqualTo(root.traceId());
			assertThat(child.spanId()).matches("[0-9a-f]{16}");
			child.end();
		}
		root.end();
		assertThat(seal().spans()).hasSize(3);
		assertThat(this.ended.get(0).droppedSpans()).isEqualTo(8);
	}

	@Test
	void segmentIsDecidedWhenItIsSealedAndNotBefore() {
		ApmSpan root = this.tracer.nextSpan().start();
		assertThat(root.owner().isDecided()).isFalse();
		root.end();
		assertThat(root.owner().isDecided()).isFalse();
		root.owner().seal();
		assertThat(root.owner().isDecided()).isTrue();
		assertThat(this.tracer.nextSpan(root).start().owner()).isNotSameAs(root.owner());
	}

	@Test
	void abandonedSpansAreNotReportedAndTheirSegmentNeither() {
		ApmSpan root = this.tracer.nextSpan().start();
		this.tracer.nextSpan(root).start().abandon();
		root.end();
		assertThat(seal().spans()).hasSize(1);
		ApmSpan other = this.tracer.nextSpan().start();
		other.abandon();
		other.end();
		assertThat(this.ended).hasSize(1);
	}

	@Test
	void timesAreWallClockTimesAndDurationsAreNeverNegative() {
		Instant before = Instant.now().minusMillis(2);
		ApmSpan root = this.tracer.nextSpan().start();
		this.tracer.nextSpan(root).start().end(1, TimeUnit.SECONDS);
		root.end();
		SpanData data = seal().spans().get(0);
		Instant start = Instant.EPOCH.plusNanos(data.startEpochNanos());
		assertThat(start).isBetween(before, Instant.now().plusMillis(2));
		assertThat(data.durationNanos()).isPositive();
		assertThat(this.ended.get(0).spans().get(1).durationNanos()).isZero();
	}

	@Test
	void lastValueOfAnAttributeCountsAndTextsAreCut() {
		ApmTracer small = ApmTracer.builder().sink(this.ended::add).limits(new SpanLimits(10, 2, 16, 1, 1)).build();
		small.nextSpan()
			.start()
			.tag("a", "first")
			.tag("b", 2L)
			.tag("a", "x".repeat(40))
			.tag("c", "over the limit")
			.event("one")
			.event("two")
			.end();
		SpanData data = seal().spans().get(0);
		assertThat(data.attributes()).containsOnlyKeys("a", "b")
			.containsEntry("b", 2L)
			.containsEntry("a", "x".repeat(16));
		assertThat(data.events()).extracting(SpanEvent::name).containsExactly("one");
	}

	@Test
	void attributeBelowTheLimitCanBeReplaced() {
		this.tracer.nextSpan().start().tag("a", "first").tag("a", "second").end();
		assertThat(seal().spans().get(0).attributes()).isEqualTo(Map.of("a", "second"));
		assertThat(this.ended.get(0).root().attribute("a")).isEqualTo("second");
		this.ended.get(0).root().forEachAttribute((key, value) -> assertThat(value).as(key).isEqualTo("second"));
	}

	@Test
	void longTextsMakeASegmentHeavier() {
		ApmSpan small = this.tracer.nextSpan().start().tag("a", "x".repeat(100));
		ApmSpan large = this.tracer.nextSpan().start().tag("a", "x".repeat(4096)).tag("b", "x".repeat(4096));
		assertThat(small.owner().weight()).isEqualTo(1);
		assertThat(large.owner().weight()).isEqualTo(33);
	}

	@Test
	void failureIsAnErrorOrAnErrorType() {
		ApmSpan root = this.tracer.nextSpan().start();
		this.tracer.nextSpan(root).kind(Span.Kind.CLIENT).start().tag("error.type", "503").end();
		root.end();
		assertThat(seal().failed()).isTrue();
		assertThat(this.ended.get(0).root().isFailed()).isFalse();
	}

	@Test
	void thousandsOfSpansFromManyThreadsAllArrive() {
		ApmTracer large = ApmTracer.builder()
			.sink(this.ended::add)
			.limits(new SpanLimits(10_000, 64, 4096, 64, 32))
			.build();
		ApmSpan root = large.nextSpan().start();
		IntStream.range(0, 8).mapToObj((i) -> CompletableFuture.runAsync(() -> {
			for (int n = 0; n < 500; n++) {
				large.nextSpan(root).name("t" + i).start().end();
			}
		})).toList().forEach(CompletableFuture::join);
		root.end();
		List<SpanData> spans = seal().spans();
		assertThat(spans).hasSize(4001);
		assertThat(spans).extracting(SpanData::number)
			.containsExactlyElementsOf(IntStream.range(0, 4001).boxed().toList());
	}

	private Segment seal() {
		Segment segment = this.ended.get(this.ended.size() - 1);
		assertThat(segment.isComplete()).isTrue();
		segment.seal();
		return segment;
	}

}
