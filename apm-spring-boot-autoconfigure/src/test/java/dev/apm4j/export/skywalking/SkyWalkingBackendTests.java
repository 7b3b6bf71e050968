package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * What the backend reports from time to time.
 */
class SkyWalkingBackendTests {

	private static final Duration SHORT = Duration.ofMillis(5);

	private static final Duration LONG = Duration.ofHours(1);

	private final RecordingTransport transport = new RecordingTransport();

	private final SkyWalkingNotices notices = new SkyWalkingNotices();

	private final ApmTracer tracer = ApmTracer.builder().build();

	private final SkyWalkingSchedule schedule = new SkyWalkingSchedule(this.notices, this.tracer::suppress);

	private final SkyWalkingBackend backend = new SkyWalkingBackend(new ServiceIdentity("shop", "shop-1"),
			this.transport, this.schedule, this.notices);

	@AfterEach
	void close() {
		this.backend.close();
	}

	@Test
	void propertiesAndKeepAliveGoAtOnce() {
		this.backend.add(management(LONG));
		this.backend.start();
		await().untilAsserted(() -> assertThat(this.transport.calls).containsExactly("properties", "keepAlive"));
	}

	@Test
	void propertiesGoWithEveryTenthBeat() {
		this.backend.add(management(SHORT));
		this.backend.start();
		await().until(() -> this.transport.calls.size() > 12);
		assertThat(this.transport.calls.stream().limit(12)).startsWith("properties", "keepAlive", "keepAlive")
			.endsWith("keepAlive", "properties");
		assertThat(this.transport.calls.stream().limit(12)).filteredOn("properties"::equals).hasSize(2);
	}

	@Test
	void serverThatIsAwayIsAskedAgainSoonAndGetsBoth() {
		this.transport.failure = new IOException("away");
		this.backend.add(management(LONG));
		this.backend.start();
		await().until(() -> this.notices.isFailing());
		assertThat(this.notices.summary()).isEqualTo("keep-alive fails: away");
		this.transport.failure = null;
		await().untilAsserted(() -> assertThat(this.transport.calls).endsWith("properties", "keepAlive"));
		await().untilAsserted(() -> assertThat(this.notices.summary()).isNull());
	}

	@Test
	void serverThatMayHaveBeenRestartedGetsThePropertiesAgain() throws Exception {
		Management management = management(LONG);
		management.beat(this.backend);
		management.beat(this.backend);
		assertThat(this.transport.calls).containsExactly("properties", "keepAlive", "keepAlive");
		this.transport.connections++;
		management.beat(this.backend);
		management.beat(this.backend);
		assertThat(this.transport.calls.stream().skip(3)).containsExactly("keepAlive", "properties", "keepAlive");
	}

	@Test
	void serverThatWasAwayGetsThePropertiesAgain() throws Exception {
		Management management = management(LONG);
		management.beat(this.backend);
		this.transport.failure = new IOException("away");
		assertThatIOException().isThrownBy(() -> management.beat(this.backend));
		this.transport.failure = null;
		this.transport.calls.clear();
		management.beat(this.backend);
		assertThat(this.transport.calls).containsExactly("properties", "keepAlive");
	}

	@Test
	void eventsTellOfBeginAndEnd() {
		this.backend.add(new LifecycleEvents(0, () -> "-Xmx1g"));
		this.backend.start();
		await().untilAsserted(() -> assertThat(this.transport.calls).containsExactly("event Start"));
		this.backend.close(Duration.ofSeconds(5));
		assertThat(this.transport.calls).containsExactly("event Start", "event Shutdown", "close");
	}

	@Test
	void serverThatIsAwayIsNotWaitedForAtTheEnd() {
		this.transport.failure = new IOException("away");
		this.backend.add(new LifecycleEvents(0, () -> ""));
		this.backend.start();
		await().until(() -> this.notices.isFailing());
		this.transport.calls.clear();
		this.backend.close(Duration.ofSeconds(5));
		assertThat(this.transport.calls).doesNotContain("event Shutdown").endsWith("close");
	}

	@Test
	void backendThatWasNeverStartedSaysNothing() {
		this.backend.add(management(SHORT));
		this.backend.add(new LifecycleEvents(0, () -> ""));
		this.backend.close(Duration.ofSeconds(5));
		this.backend.start();
		assertThat(this.transport.calls).containsExactly("close");
		assertThat(threads()).isEmpty();
	}

	@Test
	void taskThatFailsGoesOn() {
		AtomicInteger runs = new AtomicInteger();
		this.schedule.periodic("failing", SHORT, () -> {
			runs.incrementAndGet();
			throw new IllegalStateException("no");
		});
		this.schedule.start();
		await().until(() -> runs.get() > 3);
		assertThat(this.notices.summary()).isEqualTo("failing fails: no");
	}

	@Test
	void errorOfOneTaskDoesNotEndTheOthers() {
		AtomicInteger runs = new AtomicInteger();
		this.schedule.periodic("failing", SHORT, () -> {
			throw new StackOverflowError();
		});
		this.schedule.periodic("working", SHORT, runs::incrementAndGet);
		this.schedule.start();
		await().until(() -> runs.get() > 3);
	}

	@Test
	void taskThatTheServerHasNoPlaceForEnds() {
		AtomicInteger runs = new AtomicInteger();
		AtomicInteger others = new AtomicInteger();
		this.schedule.periodic("profiling", SHORT, () -> {
			runs.incrementAndGet();
			throw new UnsupportedSignalException("the server does not know this service");
		});
		this.schedule.periodic("other", SHORT, others::incrementAndGet);
		this.schedule.start();
		await().until(() -> others.get() > 5);
		assertThat(runs).hasValue(1);
		assertThat(this.notices.summary()).isEqualTo("profiling is off: the server does not know this service");
		assertThat(this.notices.isFailing()).isFalse();
	}

	@Test
	void whatIsDoneOnceIsDoneUntilItSucceeds() {
		AtomicInteger runs = new AtomicInteger();
		AtomicInteger others = new AtomicInteger();
		this.schedule.once("once", () -> {
			if (runs.incrementAndGet() < 2) {
				throw new IOException("away");
			}
		});
		this.schedule.start();
		await().until(() -> runs.get() == 2);
		this.schedule.periodic("other", SHORT, others::incrementAndGet);
		await().until(() -> others.get() > 5);
		assertThat(runs).hasValue(2);
	}

	@Test
	void tasksRunUntracedOnOneDaemonThread() {
		StringBuilder seen = new StringBuilder();
		this.schedule.once("once", () -> {
			try (Tracer.SpanInScope scope = this.tracer.withSpan(this.tracer.nextSpan().start())) {
				seen.append(Thread.currentThread().getName()).append(' ').append(Thread.currentThread().isDaemon());
				seen.append(' ').append(this.tracer.currentSpan());
			}
		});
		this.schedule.start();
		await().until(() -> seen.toString().endsWith("null"));
		assertThat(seen).hasToString("apm-skywalking true null");
	}

	@Test
	void closeInterruptsWhatRunsAndLeavesNoThread() {
		this.schedule.periodic("hanging", SHORT, () -> new CountDownLatch(1).await());
		this.backend.start();
		await().untilAsserted(() -> assertThat(threads()).hasSize(1));
		this.backend.close(Duration.ofSeconds(20));
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
		assertThat(this.notices.summary()).isNull();
	}

	private static Management management(Duration rate) {
		return new Management(rate,
				() -> List.of(KeyStringValuePair.newBuilder().setKey("language").setValue("java").build()));
	}

	private static List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(SkyWalkingSchedule.THREAD_NAME))
			.toList();
	}

}
