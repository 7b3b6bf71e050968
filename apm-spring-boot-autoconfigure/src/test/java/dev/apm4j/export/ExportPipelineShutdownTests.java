package dev.apm4j.export;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.Segment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ExportPipelineShutdownTests {

	private final RecordingExporter exporter = new RecordingExporter("shutdown-test");

	/**
	 * Other tests may have left an application context open, whose other threads come and
	 * go.
	 */
	private final Set<Thread> before = Thread.getAllStackTraces().keySet();

	@Test
	void aShortJobThatNeverStartedThePipelineLosesNothing() {
		PipelineFixture job = new PipelineFixture(PipelineSettings.DEFAULT, this.exporter);
		job.segments(300);
		job.close();
		assertThat(this.exporter.names()).hasSize(300);
		assertThat(job.tallied).hasValue(300);
		assertThat(this.exporter.closed).hasValue(1);
		assertThat(threads()).isEmpty();
	}

	@Test
	void whatIsQueuedLingersOrWaitsForASpanIsSentOnClose() {
		PipelineSettings settings = PipelineFixture.quick()
			.batch(1000, 10_000, Duration.ofMinutes(5))
			.completion(Duration.ofMinutes(5), 10)
			.build();
		PipelineFixture apm = new PipelineFixture(settings, this.exporter).start();
		ApmSpan root = apm.tracer.nextSpan().name("incomplete").start();
		apm.tracer.nextSpan(root).start();
		root.end();
		apm.segment("lingering");
		await().until(() -> apm.backend("shutdown-test").queued() == 1);
		apm.close();
		assertThat(this.exporter.names()).containsExactly("lingering", "incomplete");
		assertThat(apm.backend("shutdown-test").state()).isEqualTo(BackendState.CLOSED);
	}

	@Test
	void closingTwiceClosesOnceAndLateSegmentsAreCounted() {
		PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start();
		apm.segment("one");
		apm.close();
		apm.close();
		apm.pipeline.start();
		apm.segments(7);
		assertThat(this.exporter.closed).hasValue(1);
		assertThat(this.exporter.names()).containsExactly("one");
		assertThat(apm.tallied).hasValue(8);
		assertThat(apm.pipeline.dropped(DropReason.CLOSED)).isEqualTo(7);
		assertThat(apm.pipeline.flush(Duration.ofSeconds(5))).isTrue();
		assertThat(threads()).isEmpty();
	}

	@Test
	void aBatchThatPausesAfterAFailureIsTriedOnceMore() {
		this.exporter.behaviour = (batch) -> {
			if (this.exporter.attempts.get() == 1) {
				throw new IOException("away");
			}
		};
		PipelineSettings settings = PipelineFixture.quick()
			.retry(Duration.ofMinutes(50), Duration.ofMinutes(50), Duration.ofHours(1))
			.build();
		PipelineFixture apm = new PipelineFixture(settings, this.exporter).start();
		apm.segment("one");
		await().until(() -> apm.backend("shutdown-test").state() == BackendState.DOWN);
		apm.close();
		assertThat(this.exporter.names()).containsExactly("one");
		assertThat(this.exporter.attempts).hasValue(2);
	}

	@Test
	void anInterruptLeftByTheExporterDoesNotSpoilTheLastAttempt() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		this.exporter.behaviour = (batch) -> {
			if (this.exporter.attempts.get() == 1) {
				release.await();
				Thread.currentThread().interrupt();
				throw new IOException("away");
			}
			if (Thread.currentThread().isInterrupted()) {
				throw new IOException("interrupted");
			}
		};
		PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start();
		apm.segment("one");
		await().until(() -> this.exporter.attempts.get() == 1);
		Thread closer = new Thread(apm::close);
		closer.start();
		await().until(() -> threads().size() == 1 && closer.getState() == Thread.State.TIMED_WAITING);
		release.countDown();
		closer.join();
		assertThat(this.exporter.names()).containsExactly("one");
	}

	@Test
	void aBackendThatIsAwayIsAskedOnceAndTheRestCounted() {
		this.exporter.behaviour = (batch) -> {
			throw new IOException("away");
		};
		PipelineSettings settings = PipelineFixture.quick()
			.batch(10, 1000, Duration.ofMinutes(5))
			.retry(Duration.ofMinutes(50), Duration.ofMinutes(50), Duration.ofHours(1))
			.build();
		PipelineFixture apm = new PipelineFixture(settings, this.exporter);
		apm.segments(35);
		apm.close();
		// Once before it knew that it is closing, at the most.
		assertThat(this.exporter.attempts.get()).isBetween(1, 2);
		assertThat(apm.backend("shutdown-test").dropped(DropReason.SHUTDOWN)).isEqualTo(35);
		assertThat(apm.backend("shutdown-test").queued()).isZero();
		assertThat(this.exporter.closed).hasValue(1);
	}

	@Test
	@Timeout(30)
	void aHangingExporterIsInterruptedAndClosed() {
		CountDownLatch hang = new CountDownLatch(1);
		this.exporter.behaviour = (batch) -> hang.await();
		PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start();
		apm.segments(5);
		await().until(() -> this.exporter.attempts.get() == 1);
		apm.pipeline.close(Duration.ofSeconds(2));
		// The interrupt may need longer to be noticed than close waits for it.
		await().until(() -> threads().isEmpty());
		assertThat(this.exporter.attempts).hasValue(1);
		assertThat(this.exporter.closed).hasValue(1);
		assertThat(apm.backend("shutdown-test").dropped(DropReason.SHUTDOWN)).isEqualTo(5);
	}

	@Test
	@Timeout(30)
	void anExporterThatIgnoresTheInterruptIsLeftBehindAndAccountedForOnce() {
		CountDownLatch hang = new CountDownLatch(1);
		this.exporter.behaviour = (batch) -> awaitUninterruptibly(hang);
		RecordingExporter good = new RecordingExporter("good");
		PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter, good).start();
		apm.segments(5);
		await().until(() -> this.exporter.attempts.get() == 1 && good.names().size() == 5);
		apm.pipeline.close(Duration.ofSeconds(1));
		BackendStatus left = apm.backend("shutdown-test").status();
		assertThat(left.state()).isEqualTo(BackendState.CLOSED);
		assertThat(left.dropped()).containsEntry(DropReason.SHUTDOWN, 5L);
		await().until(() -> good.closed.get() == 1);
		hang.countDown();
		await().until(() -> this.exporter.closed.get() == 1);
		await().until(() -> threads().isEmpty());
		assertThat(apm.backend("shutdown-test").sent()).isZero();
		assertThat(apm.backend("shutdown-test").status().dropped()).containsEntry(DropReason.SHUTDOWN, 5L);
	}

	@Test
	@Timeout(30)
	void noTimeMeansNoFlush() {
		PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().batch(9, 99, Duration.ofMinutes(5)).build(),
				this.exporter)
			.start();
		apm.segments(5);
		await().until(() -> apm.backend("shutdown-test").queued() == 5);
		apm.pipeline.close(Duration.ZERO);
		await().until(() -> threads().isEmpty());
		assertThat(this.exporter.attempts).hasValue(0);
		assertThat(apm.backend("shutdown-test").dropped(DropReason.SHUTDOWN)).isEqualTo(5);
	}

	@Test
	@Timeout(30)
	void anInterruptedThreadStillClosesAndStaysInterrupted() throws Exception {
		PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start();
		apm.segments(5);
		AtomicReference<Boolean> interrupted = new AtomicReference<>();
		Thread closer = new Thread(() -> {
			Thread.currentThread().interrupt();
			apm.close();
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		closer.start();
		closer.join(TimeUnit.SECONDS.toMillis(20));
		assertThat(interrupted).hasValue(true);
		assertThat(this.exporter.names()).hasSize(5);
		assertThat(threads()).isEmpty();
	}

	@Test
	void anExporterThatCannotBeClosedHarmsNobody() {
		SegmentExporter broken = new SegmentExporter() {

			@Override
			public String name() {
				return "broken";
			}

			@Override
			public void export(List<Segment> batch) {
			}

			@Override
			public void close(Duration timeout) {
				throw new NoClassDefFoundError("gone");
			}

		};
		PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), broken, this.exporter).start();
		apm.close();
		assertThat(this.exporter.closed).hasValue(1);
		assertThat(threads()).isEmpty();
	}

	@Test
	void threadsAreDaemonsWithNames() {
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start()) {
			assertThat(threads()).extracting(Thread::getName)
				.containsExactlyInAnyOrder("apm-pipeline", "apm-export-shutdown-test");
			assertThat(threads()).allMatch(Thread::isDaemon);
			assertThat(apm.pipeline.backends()).hasSize(1);
		}
		assertThat(threads()).isEmpty();
	}

	private List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("apm-pipeline")
					|| thread.getName().equals("apm-export-shutdown-test"))
			.filter((thread) -> !this.before.contains(thread))
			.toList();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		while (latch.getCount() > 0) {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				// Such exporters exist.
			}
		}
	}

}
