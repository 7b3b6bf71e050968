package dev.apm4j.export;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.management.ThreadMXBean;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

class ExportPipelineIngressTests {

	private static final int THREADS = 10;

	private static final int EACH = 2000;

	@Test
	void aFullIngressDropsTheDetailButNotTheCount() {
		RecordingExporter exporter = new RecordingExporter("test");
		PipelineSettings settings = PipelineFixture.quick().ingress(8, 1000).build();
		try (PipelineFixture apm = new PipelineFixture(settings, exporter)) {
			apm.segments(20);
			assertThat(apm.pipeline.ingressSize()).isEqualTo(8);
			assertThat(apm.pipeline.ingressCapacity()).isEqualTo(8);
			assertThat(apm.pipeline.dropped(DropReason.INGRESS_FULL)).isEqualTo(12);
			assertThat(apm.tallied).as("on this thread").hasValue(12);
			apm.start();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.tallied).hasValue(20);
			assertThat(exporter.names()).hasSize(8).startsWith("s0");
			assertThat(apm.pipeline.status().dropped()).containsEntry(DropReason.INGRESS_FULL, 12L);
		}
	}

	@Test
	void theIngressIsBoundedBySpansToo() {
		PipelineSettings settings = PipelineFixture.quick().ingress(1000, 50).build();
		try (PipelineFixture apm = new PipelineFixture(settings)) {
			for (int i = 0; i < 10; i++) {
				ExportPipelineTests.segmentOf(apm, 20);
			}
			assertThat(apm.pipeline.status().ingressSpans()).isEqualTo(40);
			assertThat(apm.pipeline.dropped(DropReason.INGRESS_FULL)).isEqualTo(8);
			apm.start();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.pipeline.status().ingressSpans()).isZero();
			assertThat(apm.tallied).hasValue(10);
		}
	}

	@Test
	void spansThatJoinAfterTheHandOverDoNotDisturbTheBound() {
		PipelineSettings settings = PipelineFixture.quick().ingress(1000, 50).build();
		try (PipelineFixture apm = new PipelineFixture(settings)) {
			for (int i = 0; i < 5; i++) {
				ApmSpan root = apm.tracer.nextSpan().start();
				root.end();
				for (int j = 0; j < 30; j++) {
					apm.tracer.nextSpan(root).start().end();
				}
			}
			apm.start();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.pipeline.status().ingressSpans()).isZero();
			assertThat(apm.pipeline.dropped(DropReason.INGRESS_FULL)).isZero();
		}
	}

	@RepeatedTest(3)
	void manyThreadsAtAFullIngressAreCountedExactly() throws Exception {
		AtomicLong total = new AtomicLong();
		Map<Segment, Integer> seen = new IdentityHashMap<>();
		SegmentTally tally = (segment) -> {
			total.incrementAndGet();
			synchronized (seen) {
				seen.merge(segment, 1, Integer::sum);
			}
		};
		RecordingExporter exporter = new RecordingExporter("test");
		PipelineSettings settings = PipelineFixture.quick().ingress(16, 100_000).queue(64, 100_000).build();
		ExportPipeline pipeline = new ExportPipeline(settings, List.of(exporter), List.of(tally), () -> null);
		pipeline.start();
		ApmTracer tracer = ApmTracer.builder().sink(pipeline).build();
		hammer(() -> tracer.nextSpan().name("x").start().end());
		assertThat(pipeline.flush(PipelineFixture.LONG)).isTrue();
		pipeline.close();
		assertThat(total).hasValue(THREADS * EACH);
		assertThat(seen).hasSize(THREADS * EACH).allSatisfy((segment, times) -> assertThat(times).isEqualTo(1));
		Backend backend = pipeline.backends().get(0);
		assertThat(pipeline.status().accepted() + pipeline.dropped(DropReason.INGRESS_FULL)).isEqualTo(THREADS * EACH);
		assertThat(backend.offered()).isEqualTo(pipeline.status().accepted());
		assertThat(backend.sent() + backend.dropped(DropReason.QUEUE_FULL)).isEqualTo(backend.offered());
		assertThat(exporter.names()).hasSize((int) backend.sent());
	}

	@RepeatedTest(10)
	void closingInTheMiddleOfTrafficLosesNoCount() throws Exception {
		PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), new RecordingExporter("test"))
			.start();
		AtomicInteger ended = new AtomicInteger();
		hammer(() -> {
			apm.segment("x");
			if (ended.incrementAndGet() == THREADS * EACH / 2) {
				apm.close();
			}
		});
		assertThat(apm.tallied).hasValue(THREADS * EACH);
		assertThat(apm.pipeline.ingressSize()).isZero();
		Backend backend = apm.backend("test");
		assertThat(backend.offered() + apm.pipeline.dropped(DropReason.CLOSED)
				+ apm.pipeline.dropped(DropReason.INGRESS_FULL))
			.isEqualTo(THREADS * EACH);
		assertThat(backend.sent() + backend.status().dropped().values().stream().mapToLong(Long::longValue).sum())
			.isEqualTo(backend.offered());
	}

	@Test
	void handingOverTakesNoMemoryOfTheCaller() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		Segment segment = ExportPipelineTests.endedSegment();
		PipelineSettings settings = PipelineFixture.quick().ingress(1 << 16, 100_000_000).build();
		try (ExportPipeline pipeline = new ExportPipeline(settings, List.of(), List.of((counted) -> {
		}), () -> null)) {
			accept(pipeline, segment, 10_000);
			long before = threads.getCurrentThreadAllocatedBytes();
			accept(pipeline, segment, 10_000);
			long accepted = threads.getCurrentThreadAllocatedBytes() - before;
			accept(pipeline, segment, 1 << 16);
			before = threads.getCurrentThreadAllocatedBytes();
			accept(pipeline, segment, 10_000);
			long dropped = threads.getCurrentThreadAllocatedBytes() - before;
			assertThat(accepted / 10_000.0).as("bytes a segment that is taken").isLessThan(1);
			assertThat(dropped / 10_000.0).as("bytes a segment that is dropped").isLessThan(1);
		}
	}

	@Test
	void nothingIsThrownToTheCaller() {
		SegmentTally broken = (segment) -> {
			throw new StackOverflowError();
		};
		PipelineSettings settings = PipelineFixture.quick().ingress(1, 10).build();
		ExportPipeline pipeline = new ExportPipeline(settings, List.of(), List.of(broken), () -> null);
		Segment segment = ExportPipelineTests.endedSegment();
		assertThatNoException().isThrownBy(() -> accept(pipeline, segment, 100));
		pipeline.close(Duration.ofSeconds(10));
		assertThatNoException().isThrownBy(() -> accept(pipeline, segment, 100));
	}

	private static void accept(ExportPipeline pipeline, Segment segment, int times) {
		for (int i = 0; i < times; i++) {
			pipeline.accept(segment);
		}
	}

	private static void hammer(Runnable task) throws InterruptedException {
		CountDownLatch ready = new CountDownLatch(THREADS);
		List<Thread> all = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Thread thread = new Thread(() -> {
				ready.countDown();
				try {
					ready.await();
				}
				catch (InterruptedException ex) {
					return;
				}
				for (int j = 0; j < EACH; j++) {
					task.run();
				}
			});
			thread.start();
			all.add(thread);
		}
		for (Thread thread : all) {
			thread.join();
		}
	}

}
