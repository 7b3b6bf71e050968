package dev.apm4j.export;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.KeepReason;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ExportPipelineTests {

	private final RecordingExporter exporter = new RecordingExporter("test");

	@Test
	void segmentsArriveInTheOrderInWhichTheyEnded() {
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start()) {
			apm.segments(500);
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.names()).isEqualTo(IntStream.range(0, 500).mapToObj((i) -> "s" + i).toList());
			assertThat(apm.tallied).hasValue(500);
			BackendStatus status = apm.backend("test").status();
			assertThat(status.offered()).isEqualTo(500);
			assertThat(status.sent()).isEqualTo(500);
			assertThat(status.queued()).isZero();
			assertThat(status.queuedSpans()).isZero();
			assertThat(status.dropped()).isEmpty();
			assertThat(status.state()).isEqualTo(BackendState.UP);
			assertThat(status.lastSuccessAt()).isNotNull();
			assertThat(status.lastError()).isNull();
		}
	}

	@Test
	void aFullBatchIsSentWithoutLingering() {
		PipelineSettings settings = PipelineFixture.quick().batch(10, 1000, Duration.ofMinutes(5)).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			apm.segments(25);
			await().until(() -> this.exporter.batches.size() == 2);
			assertThat(this.exporter.batches).allSatisfy((batch) -> assertThat(batch).hasSize(10));
			assertThat(apm.backend("test").queued()).isEqualTo(5);
		}
		assertThat(this.exporter.batches).hasSize(3);
	}

	@Test
	void aBatchEndsWithTheSegmentThatReachesItsSpans() {
		PipelineSettings settings = PipelineFixture.quick().batch(100, 6, Duration.ofMillis(10)).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter)) {
			for (int i = 0; i < 6; i++) {
				segmentOf(apm, 3);
			}
			apm.start();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.batches).hasSize(3);
		}
	}

	@Test
	void aSegmentAloneIsSentAfterTheLinger() {
		PipelineSettings settings = PipelineFixture.quick().batch(1000, 1000, Duration.ofMillis(50)).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			apm.segment("alone");
			await().until(() -> this.exporter.names().equals(List.of("alone")));
		}
	}

	@Test
	void aBatchIsImmutableAndSealed() {
		this.exporter.behaviour = (batch) -> {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> batch.remove(0));
			assertThat(batch.get(0).keepReason()).isEqualTo(KeepReason.SAMPLED);
		};
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start()) {
			apm.segment("one");
			await().until(() -> apm.backend("test").sent() == 1);
		}
	}

	@Test
	void whatIsNotSampledIsCountedButNotExported() {
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), SamplingPolicy.NEVER,
				this.exporter)
			.start()) {
			apm.segments(20);
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.tallied).hasValue(20);
			assertThat(apm.backend("test").offered()).isZero();
			assertThat(apm.backend("test").state()).isEqualTo(BackendState.CONNECTING);
		}
		assertThat(this.exporter.attempts).hasValue(0);
	}

	@Test
	void whatFailedIsExportedAlthoughItWasNotSampled() {
		SamplingPolicy errorsOnly = new SamplingPolicy(0, 0, null, true);
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), errorsOnly, this.exporter)
			.start()) {
			apm.segment("good");
			apm.tracer.nextSpan().name("bad").start().error(new IllegalStateException()).end();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.names()).containsExactly("bad");
			assertThat(apm.tallied).hasValue(2);
		}
	}

	@Test
	void withoutABackendEverySegmentIsStillCounted() {
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build()).start()) {
			apm.segments(50);
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.tallied).hasValue(50);
		}
	}

	@Test
	void aTallyThatThrowsHarmsNobody() {
		SegmentTally broken = (segment) -> {
			throw new NoClassDefFoundError("tally");
		};
		try (ExportPipeline pipeline = new ExportPipeline(PipelineFixture.quick().build(), List.of(this.exporter),
				List.of(broken), () -> null)) {
			pipeline.start();
			ApmTracer.builder().sink(pipeline).build().nextSpan().name("one").start().end();
			await().until(() -> this.exporter.names().equals(List.of("one")));
		}
	}

	@Test
	void aSegmentWaitsForASpanThatEndsAfterItsRoot() {
		PipelineSettings settings = PipelineFixture.quick().completion(Duration.ofMinutes(5), 10).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			ApmSpan root = apm.tracer.nextSpan().name("root").start();
			ApmSpan late = apm.tracer.nextSpan(root).name("late").start();
			root.end();
			await().until(() -> apm.pipeline.waiting() == 1);
			apm.segment("other");
			await().until(() -> this.exporter.names().equals(List.of("other")));
			late.end();
			await().until(() -> this.exporter.names().equals(List.of("other", "root")));
			assertThat(this.exporter.batches.get(1).get(0).spans()).extracting(SpanData::name)
				.containsExactly("root", "late");
			assertThat(apm.pipeline.late()).isZero();
			assertThat(apm.pipeline.waiting()).isZero();
		}
	}

	@Test
	void aSegmentGoesOnWithoutASpanThatDoesNotEndInTime() {
		PipelineSettings settings = PipelineFixture.quick().completion(Duration.ofMillis(30), 10).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			ApmSpan root = apm.tracer.nextSpan().name("root").start();
			ApmSpan never = apm.tracer.nextSpan(root).name("never").start();
			root.end();
			await().until(() -> this.exporter.names().equals(List.of("root")));
			assertThat(this.exporter.batches.get(0).get(0).spans()).extracting(SpanData::name).containsExactly("root");
			assertThat(apm.pipeline.late()).isEqualTo(1);
			ApmSpan next = apm.tracer.nextSpan(never).name("next").start();
			next.end();
			await().until(() -> this.exporter.names().equals(List.of("root", "next")));
		}
	}

	@Test
	void onlySoManySegmentsWaitForOpenSpans() {
		PipelineSettings settings = PipelineFixture.quick().completion(Duration.ofMinutes(5), 3).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			for (int i = 0; i < 5; i++) {
				ApmSpan root = apm.tracer.nextSpan().name("r" + i).start();
				apm.tracer.nextSpan(root).start();
				root.end();
			}
			await().until(() -> this.exporter.names().equals(List.of("r0", "r1")));
			assertThat(apm.pipeline.waiting()).isEqualTo(3);
			assertThat(apm.pipeline.status().late()).isEqualTo(2);
		}
		assertThat(this.exporter.names()).hasSize(5);
	}

	@Test
	void flushWaitsForSegmentsThatWaitForOpenSpans() {
		PipelineSettings settings = PipelineFixture.quick().completion(Duration.ofMinutes(5), 3).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			ApmSpan root = apm.tracer.nextSpan().name("root").start();
			ApmSpan late = apm.tracer.nextSpan(root).start();
			root.end();
			assertThat(apm.pipeline.flush(Duration.ofMillis(30))).isFalse();
			late.end();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.names()).containsExactly("root");
		}
	}

	@Test
	void flushDoesNotWaitForABatchToFill() {
		PipelineSettings settings = PipelineFixture.quick().batch(100, 1000, Duration.ofMinutes(5)).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			apm.segments(3);
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.names()).hasSize(3);
		}
	}

	@Test
	void flushReturnsWhenItsThreadIsInterrupted() {
		CountDownLatch hang = new CountDownLatch(1);
		this.exporter.behaviour = (batch) -> hang.await();
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start()) {
			apm.segment("one");
			await().until(() -> this.exporter.attempts.get() == 1);
			Thread.currentThread().interrupt();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isFalse();
			assertThat(Thread.interrupted()).isTrue();
			hang.countDown();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
		}
	}

	@Test
	void whatAnExporterCallsIsNotTraced() {
		RecordingExporter traced = new RecordingExporter("traced");
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), traced).start()) {
			traced.behaviour = (batch) -> {
				assertThat(apm.tracer.currentSpan()).isNull();
				ApmSpan call = apm.tracer.nextSpan().name("POST /api/v2/spans").start();
				try (Tracer.SpanInScope scope = apm.tracer.withSpan(call)) {
					assertThat(call.isNoop()).isTrue();
				}
				call.end();
			};
			apm.segment("one");
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(traced.names()).containsExactly("one");
			assertThat(apm.pipeline.status().accepted()).isEqualTo(1);
		}
	}

	@Test
	void exportsGoOnWhenTheTracerCannotBeHad() {
		try (ExportPipeline pipeline = new ExportPipeline(PipelineFixture.quick().build(), List.of(this.exporter),
				List.of(), () -> {
					throw new IllegalStateException("context is being closed");
				})) {
			pipeline.start();
			ApmTracer.builder().sink(pipeline).build().nextSpan().name("one").start().end();
			await().until(() -> this.exporter.names().equals(List.of("one")));
		}
	}

	static void segmentOf(PipelineFixture apm, int spans) {
		ApmSpan root = apm.tracer.nextSpan().name("root").start();
		for (int i = 1; i < spans; i++) {
			apm.tracer.nextSpan(root).name("child").start().end();
		}
		root.end();
	}

	static Segment endedSegment() {
		ApmSpan span = ApmTracer.builder().build().nextSpan().name("ended").start();
		span.end();
		return span.owner();
	}

}
