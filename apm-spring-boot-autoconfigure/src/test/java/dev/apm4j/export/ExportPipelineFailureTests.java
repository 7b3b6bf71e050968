package dev.apm4j.export;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ExportPipelineFailureTests {

	private static final RecordingExporter.Behaviour WELL = (batch) -> {
	};

	private static final RecordingExporter.Behaviour AWAY = (batch) -> {
		throw new IOException("Connection refused\nby https://me:hidden@apm.example?api_key=hidden");
	};

	private final Logger logger = (Logger) LoggerFactory.getLogger(ExportPipeline.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final RecordingExporter exporter = new RecordingExporter("test");

	@BeforeEach
	void watchLog() {
		this.log.start();
		// Whatever an application of another test has left the levels at.
		this.logger.setLevel(Level.INFO);
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void leaveLog() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@Test
	void aBackendThatComesBackGetsWhatWasKeptForItInOrder() {
		this.exporter.behaviour = AWAY;
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start()) {
			apm.segment("s0");
			await().until(() -> this.exporter.attempts.get() >= 5);
			apm.segment("s1");
			apm.segment("s2");
			BackendStatus down = apm.backend("test").status();
			assertThat(down.state()).isEqualTo(BackendState.DOWN);
			assertThat(down.lastError()).contains("IOException: Connection refused\\u000aby https://***@apm.example")
				.doesNotContain("hidden", "\n");
			assertThat(down.lastErrorAt()).isNotNull();
			assertThat(down.lastSuccessAt()).isNull();
			this.exporter.behaviour = WELL;
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.names()).containsExactly("s0", "s1", "s2");
			assertThat(apm.backend("test").state()).isEqualTo(BackendState.UP);
			assertThat(apm.backend("test").sent()).isEqualTo(3);
			assertThat(apm.backend("test").status().dropped()).isEmpty();
		}
	}

	@Test
	void goingDownAndUpIsLoggedOnceEach() {
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start()) {
			for (int i = 0; i < 3; i++) {
				this.exporter.behaviour = AWAY;
				int before = this.exporter.attempts.get();
				apm.segment("one");
				await().until(() -> this.exporter.attempts.get() >= before + 3);
				this.exporter.behaviour = WELL;
				assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			}
		}
		assertThat(lines(Level.WARN)).singleElement()
			.asString()
			.contains("'test' is down", "Connection refused")
			.doesNotContain("\n", "hidden");
		assertThat(lines(Level.INFO)).singleElement().asString().contains("'test' is up");
	}

	@Test
	void theQueueIsBoundedAndDropsTheNewest() {
		CountDownLatch hang = new CountDownLatch(1);
		this.exporter.behaviour = (batch) -> hang.await();
		PipelineSettings settings = PipelineFixture.quick().queue(10, 1000).batch(4, 1000, Duration.ZERO).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			for (int i = 0; i < 50; i++) {
				apm.segment("s" + i);
			}
			await().until(() -> apm.backend("test").offered() == 50);
			assertThat(apm.backend("test").dropped(DropReason.QUEUE_FULL)).isEqualTo(40);
			assertThat(apm.backend("test").queued()).isEqualTo(10);
			assertThat(apm.backend("test").queueCapacity()).isEqualTo(10);
			assertThat(apm.tallied).hasValue(50);
			await().until(() -> lines(Level.WARN).stream().anyMatch((line) -> line.contains("queue_full")));
			hang.countDown();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.names()).startsWith("s0", "s1", "s2", "s3").hasSize(10);
			assertThat(apm.backend("test").queued()).isZero();
			for (int i = 0; i < 5; i++) {
				apm.segment("later");
			}
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.names()).hasSize(15);
		}
		assertThat(lines(Level.WARN)).hasSize(1);
	}

	@Test
	void theQueueIsBoundedBySpansToo() {
		CountDownLatch hang = new CountDownLatch(1);
		this.exporter.behaviour = (batch) -> hang.await();
		PipelineSettings settings = PipelineFixture.quick().queue(1000, 50).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			for (int i = 0; i < 10; i++) {
				ExportPipelineTests.segmentOf(apm, 20);
			}
			await().until(() -> apm.backend("test").offered() == 10);
			assertThat(apm.backend("test").queuedSpans()).isEqualTo(40);
			assertThat(apm.backend("test").dropped(DropReason.QUEUE_FULL)).isEqualTo(8);
			hang.countDown();
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.backend("test").queuedSpans()).isZero();
		}
	}

	@Test
	void aSegmentLargerThanTheQueueStillFitsAlone() {
		PipelineSettings settings = PipelineFixture.quick().ingress(10, 5).queue(10, 5).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			ExportPipelineTests.segmentOf(apm, 20);
			await().until(() -> this.exporter.names().equals(List.of("root")));
		}
	}

	@Test
	void aRefusedBatchIsDroppedAndTheNextOneSent() {
		this.exporter.behaviour = (batch) -> {
			if (batch.get(0).root().name().equals("bad")) {
				throw new ExportRejectedException("400");
			}
		};
		PipelineSettings settings = PipelineFixture.quick().batch(1, 1000, Duration.ZERO).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			apm.segment("bad");
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.backend("test").state()).isEqualTo(BackendState.DOWN);
			apm.segment("good");
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.names()).containsExactly("good");
			assertThat(this.exporter.attempts).hasValue(2);
			assertThat(apm.backend("test").dropped(DropReason.REJECTED)).isEqualTo(1);
			assertThat(apm.backend("test").state()).isEqualTo(BackendState.UP);
		}
	}

	@Test
	void ofABatchThatIsPartlyRefusedTheRestIsSent() {
		this.exporter.behaviour = (batch) -> {
			throw new ExportRejectedException("too large", 2);
		};
		PipelineSettings settings = PipelineFixture.quick().batch(5, 1000, Duration.ofSeconds(300)).build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			apm.segments(5);
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.attempts).hasValue(1);
			assertThat(apm.backend("test").sent()).isEqualTo(3);
			assertThat(apm.backend("test").dropped(DropReason.REJECTED)).isEqualTo(2);
			assertThat(apm.backend("test").queued()).isZero();
			assertThat(apm.backend("test").state()).isEqualTo(BackendState.UP);
			assertThat(apm.backend("test").status().lastError()).contains("too large");
		}
	}

	@Test
	void aBatchIsGivenUpAfterItsTime() {
		this.exporter.behaviour = AWAY;
		PipelineSettings settings = PipelineFixture.quick()
			.retry(Duration.ofMillis(2), Duration.ofMillis(2), Duration.ofMillis(40))
			.build();
		try (PipelineFixture apm = new PipelineFixture(settings, this.exporter).start()) {
			apm.segments(3);
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(apm.backend("test").dropped(DropReason.RETRIES_EXHAUSTED)).isEqualTo(3);
			this.exporter.behaviour = WELL;
			apm.segment("after");
			await().until(() -> this.exporter.names().equals(List.of("after")));
		}
	}

	@Test
	void anErrorOfAMissingClassIsSurvived() {
		this.exporter.behaviour = (batch) -> {
			if (this.exporter.attempts.get() == 1) {
				throw new NoClassDefFoundError("io/grpc/Channel");
			}
			if (this.exporter.attempts.get() == 2) {
				throw new StackOverflowError();
			}
		};
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start()) {
			apm.segment("one");
			await().until(() -> this.exporter.names().equals(List.of("one")));
		}
	}

	@Test
	void anInterruptLeftByTheExporterDisturbsNothing() {
		this.exporter.behaviour = (batch) -> {
			boolean before = Thread.currentThread().isInterrupted();
			Thread.currentThread().interrupt();
			if (before) {
				throw new IllegalStateException("interrupted before");
			}
			if (this.exporter.attempts.get() == 1) {
				throw new InterruptedException();
			}
		};
		try (PipelineFixture apm = new PipelineFixture(PipelineFixture.quick().build(), this.exporter).start()) {
			apm.segment("one");
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			apm.segment("two");
			assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
			assertThat(this.exporter.attempts).hasValue(3);
			assertThat(this.exporter.names()).containsExactly("one", "two");
		}
	}

	@Test
	void aBackendThatHangsDoesNotDelayAnother() {
		CountDownLatch hang = new CountDownLatch(1);
		RecordingExporter hanging = new RecordingExporter("hanging");
		hanging.behaviour = (batch) -> hang.await();
		RecordingExporter dead = new RecordingExporter("dead");
		dead.behaviour = AWAY;
		PipelineSettings settings = PipelineFixture.quick().queue(20, 1000).build();
		try (PipelineFixture apm = new PipelineFixture(settings, hanging, dead, this.exporter).start()) {
			for (int i = 0; i < 20; i++) {
				long sent = i * 10L + 10;
				apm.segments(10);
				await().until(() -> apm.backend("test").sent() == sent);
			}
			assertThat(apm.backend("hanging").sent()).isZero();
			assertThat(apm.backend("hanging").dropped(DropReason.QUEUE_FULL)).isEqualTo(180);
			assertThat(apm.backend("dead").dropped(DropReason.QUEUE_FULL)).isEqualTo(180);
			assertThat(apm.pipeline.status().backends()).extracting(BackendStatus::name)
				.containsExactly("hanging", "dead", "test");
			hang.countDown();
		}
	}

	private List<String> lines(Level level) {
		return List.copyOf(this.log.list)
			.stream()
			.filter((event) -> event.getLevel() == level)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

}
