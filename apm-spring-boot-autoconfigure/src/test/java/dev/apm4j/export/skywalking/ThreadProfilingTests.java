package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.ProfileTaskFinishReport;
import dev.apm4j.skywalking.proto.ThreadSnapshot;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Profile tasks over a real connection.
 */
class ThreadProfilingTests {

	private final FakeCollector collector = new FakeCollector();

	private final SkyWalkingNotices notices = new SkyWalkingNotices();

	private final ThreadProfiling profiling = new ThreadProfiling(Duration.ofMillis(50));

	private final ApmTracer tracer = ApmTracer.builder().sink(this.profiling).build();

	private final SkyWalkingBackend backend = new SkyWalkingBackend(new ServiceIdentity("shop", "shop-1"),
			new GrpcTransport(new ChannelSettings(List.of(this.collector.address()), null, null, Duration.ofSeconds(10),
					1_000_000)),
			new SkyWalkingSchedule(this.notices, this.tracer::suppress), this.notices);

	@AfterEach
	void close() {
		this.backend.close();
		this.collector.close();
	}

	private void start() {
		this.backend.add(this.profiling);
		this.backend.start();
	}

	private void order(Map<String, String> changes) {
		long now = System.currentTimeMillis();
		Map<String, String> arguments = new HashMap<>(
				Map.of("StartTime", Long.toString(now), "CreateTime", Long.toString(now), "EndpointName", "work"));
		arguments.putAll(changes);
		this.collector.commands = Commands.newBuilder().addCommands(ProfileTaskInboxTests.command(arguments)).build();
	}

	private void awaitBegin() {
		await().untilAsserted(() -> assertThat(this.notices.summary()).isEqualTo("profiling work"));
	}

	@Test
	void taskIsCarriedOutAndItsEndReported() {
		order(Map.of("MaxSamplingCount", "1"));
		start();
		awaitBegin();
		ApmSpan span = this.tracer.nextSpan().name("work").start();
		await().until(() -> this.collector.snapshots.size() >= 3);
		assertThat(this.collector.finishedTasks).isEmpty();
		span.end();
		await().until(() -> !this.collector.finishedTasks.isEmpty());
		assertThat(this.collector.finishedTasks).containsExactly(ProfileTaskFinishReport.newBuilder()
			.setService("shop")
			.setServiceInstance("shop-1")
			.setTaskId("task-1")
			.build());
		List<ThreadSnapshot> sent = List.copyOf(this.collector.snapshots);
		for (int i = 0; i < sent.size(); i++) {
			assertThat(sent.get(i).getSequence()).isEqualTo(i);
			assertThat(sent.get(i).getTraceSegmentId()).isEqualTo(span.owner().id());
			assertThat(sent.get(i).getStack().getCodeSignaturesList())
				.anyMatch((frame) -> frame.startsWith(ThreadProfilingTests.class.getName() + ".taskIsCarriedOut"));
		}
		assertThat(samplers()).isEmpty();
		// The server goes on to answer with the same task.
		int queries = this.collector.profileQueries.size();
		await().until(() -> this.collector.profileQueries.size() > queries + 2);
		assertThat(this.notices.summary()).isNull();
	}

	@Test
	void questionsNameTheInstanceAndTheLastTask() {
		order(Map.of("CreateTime", "4711"));
		start();
		await().until(() -> this.collector.profileQueries.size() > 2);
		assertThat(this.collector.profileQueries.peek()).satisfies((first) -> {
			assertThat(first.getService()).isEqualTo("shop");
			assertThat(first.getServiceInstance()).isEqualTo("shop-1");
			assertThat(first.getLastCommandTime()).isZero();
		});
		assertThat(List.copyOf(this.collector.profileQueries).get(2).getLastCommandTime()).isEqualTo(4711);
	}

	@Test
	void oneTaskAtATime() {
		order(Map.of("MaxSamplingCount", "1"));
		start();
		awaitBegin();
		order(Map.of("SerialNumber", "serial-2", "TaskId", "task-2", "EndpointName", "other"));
		int queries = this.collector.profileQueries.size();
		await().until(() -> this.collector.profileQueries.size() > queries + 2);
		assertThat(this.notices.summary()).isEqualTo("profiling work");
		ApmSpan span = this.tracer.nextSpan().name("work").start();
		await().until(() -> !this.collector.snapshots.isEmpty());
		span.end();
		await().untilAsserted(() -> assertThat(this.notices.summary()).isEqualTo("profiling other"));
	}

	@Test
	void snapshotsAreKeptWhileTheServerIsAway() {
		order(Map.of("MaxSamplingCount", "1"));
		start();
		awaitBegin();
		this.collector.stop();
		ApmSpan span = this.tracer.nextSpan().name("work").start();
		await().until(() -> this.notices.summary() != null && this.notices.summary().contains("thread profiling"));
		span.end();
		await().until(() -> samplers().isEmpty());
		this.collector.start();
		await().atMost(Duration.ofSeconds(30)).until(() -> !this.collector.finishedTasks.isEmpty());
		assertThat(this.collector.snapshots).extracting(ThreadSnapshot::getSequence).contains(0);
	}

	@Test
	void serverThatDoesNotKnowTheServiceIsNotAskedAgain() {
		this.collector.status = Status.UNIMPLEMENTED;
		start();
		await().untilAsserted(() -> assertThat(this.notices.summary()).contains("profile tasks is off"));
		assertThat(this.notices.isFailing()).isFalse();
	}

	@Test
	void nothingIsLeftAfterTheEnd() {
		order(Map.of());
		start();
		awaitBegin();
		CountDownLatch begun = new CountDownLatch(1);
		Thread request = new Thread(() -> {
			this.tracer.nextSpan().name("work").start();
			begun.countDown();
		});
		request.start();
		await().until(() -> begun.getCount() == 0);
		assertThat(samplers()).hasSize(1);
		this.backend.close();
		assertThat(samplers()).isEmpty();
		// Segments that start now find nobody.
		this.tracer.nextSpan().name("work").start().end();
	}

	private static List<Thread> samplers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(ProfileRun.THREAD_NAME))
			.toList();
	}

}
