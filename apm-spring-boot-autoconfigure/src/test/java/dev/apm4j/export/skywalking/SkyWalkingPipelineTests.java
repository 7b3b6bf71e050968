package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;

import dev.apm4j.export.BackendState;
import dev.apm4j.export.BackendStatus;
import dev.apm4j.export.DropReason;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.PipelineSettings;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.trace.ApmTracer;
import io.grpc.Status;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * The whole way from a span to a server, which may be away for a while.
 */
class SkyWalkingPipelineTests {

	private final FakeCollector collector = new FakeCollector();

	private final SkyWalkingNotices notices = new SkyWalkingNotices();

	private ApmTracer tracer = ApmTracer.builder().build();

	private SkyWalkingBackend backend = backend(null);

	private ExportPipeline pipeline = pipeline();

	@AfterEach
	void close() {
		this.pipeline.close();
		this.backend.close();
		this.collector.close();
	}

	@Test
	void firstSegmentArrivesWithTheInstanceItBelongsTo() {
		start();
		request("GET /orders/{id}");
		await().untilAsserted(() -> assertThat(this.collector.segments).extracting(SegmentObject::getService)
			.containsExactly("shop"));
		await().untilAsserted(() -> assertThat(this.collector.pings)
			.extracting(InstancePingPkg::getServiceInstance, InstancePingPkg::getLayer)
			.contains(tuple("shop-1", "GENERAL")));
		assertThat(this.collector.properties).isNotEmpty();
		assertThat(status().state()).isEqualTo(BackendState.UP);
	}

	@Test
	void closingThePipelineSaysGoodByeAndLeavesNoThread() {
		start();
		await().until(() -> !this.collector.events.isEmpty() && !this.collector.pings.isEmpty());
		request("last");
		this.pipeline.close();
		assertThat(this.collector.segments).hasSize(1);
		assertThat(this.collector.events).extracting(Event::getName).containsExactly("Start", "Shutdown");
		assertThat(this.collector.events).allSatisfy((event) -> {
			assertThat(event.getSource().getServiceInstance()).isEqualTo("shop-1");
			assertThat(event.getLayer()).isEqualTo("GENERAL");
			assertThat(event.getUuid()).isNotEmpty();
			assertThat(event.getStartTime()).isLessThanOrEqualTo(event.getEndTime());
		});
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().startsWith("apm-")));
	}

	@Test
	void serverThatComesBackGetsWhatWasTracedMeanwhileAndThePropertiesAgain() {
		start();
		request("before");
		await().until(() -> this.collector.segments.size() == 1 && !this.collector.pings.isEmpty());
		this.collector.stop();
		this.collector.properties.clear();
		request("meanwhile");
		await().until(() -> status().state() == BackendState.DOWN);
		assertThat(status().lastError()).contains(this.collector.address() + " cannot be reached");
		this.collector.start();
		request("after");
		await().untilAsserted(() -> assertThat(this.collector.segments).hasSize(3));
		await().atMost(Duration.ofSeconds(30)).until(() -> !this.collector.properties.isEmpty());
		assertThat(status().dropped()).isEmpty();
	}

	@Test
	void wrongTokenIsSaidForSegmentsAndForTheHeartbeat() {
		this.collector.token = "right";
		this.backend = backend("wr0ng");
		this.pipeline = pipeline();
		start();
		await()
			.untilAsserted(() -> assertThat(status().notice()).contains("keep-alive").contains("apm.skywalking.token"));
		request("refused");
		await().until(() -> status().state() == BackendState.DOWN);
		assertThat(status().lastError()).contains("apm.skywalking.token is not the one it knows");
		assertThat(status().lastError() + status().notice()).doesNotContain("wr0ng");
	}

	@Test
	void serverThatHangsDoesNotHoldUpTheShutdown() {
		this.collector.hanging = true;
		start();
		request("lost");
		await().until(() -> this.pipeline.ingressSize() == 0);
		this.pipeline.close(Duration.ofSeconds(2));
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().startsWith("apm-skywalking")));
	}

	/** A batch job is over before anything was due. */
	@Test
	void processThatEndsAtOnceHasSentItsSegment() {
		start();
		request("job");
		this.pipeline.close();
		assertThat(this.collector.segments).hasSize(1);
		assertThat(status().sent()).isEqualTo(1);
	}

	@Test
	void oneSegmentThatIsTooLargeCostsNoOtherAndIsCounted() {
		this.collector.stop();
		this.collector.maxMessageSize = 4096;
		this.collector.start();
		start();
		for (int i = 0; i < 9; i++) {
			Span span = this.tracer.nextSpan().name("small");
			if (i == 4) {
				span.name("large").tag("text", "x".repeat(1000)).tag("more", "x".repeat(1000));
				for (int child = 0; child < 20; child++) {
					this.tracer.nextSpan(span).name("child".repeat(50)).start().end();
				}
			}
			span.start().end();
		}
		await().untilAsserted(() -> assertThat(
				status().sent() + status().dropped().values().stream().mapToLong(Long::longValue).sum())
			.isEqualTo(9));
		assertThat(status().dropped()).containsExactly(entry(DropReason.REJECTED, 1L));
		assertThat(this.collector.segments).extracting((segment) -> segment.getSpans(0).getOperationName())
			.contains("small")
			.doesNotContain("large");
		assertThat(status().state()).isEqualTo(BackendState.UP);
		assertThat(status().lastError()).contains("apm.skywalking.max-message-size");
	}

	@Test
	void serverThatKnowsNothingOfThisIsNoSkyWalking() {
		this.collector.status = Status.UNIMPLEMENTED.withDescription("Method not found");
		start();
		request("lost");
		await().until(() -> status().state() == BackendState.DOWN);
		assertThat(status().lastError()).contains("is it a SkyWalking server?");
		await().untilAsserted(
				() -> assertThat(status().notice()).contains("keep-alive fails").contains("start event is off"));
	}

	private BackendStatus status() {
		return this.pipeline.status().backends().get(0);
	}

	private void request(String name) {
		this.tracer.nextSpan().name(name).start().end();
	}

	private void start() {
		this.tracer = ApmTracer.builder().sink(this.pipeline).build();
		this.backend.add(new Management(Duration.ofSeconds(1),
				() -> List.of(KeyStringValuePair.newBuilder().setKey("language").setValue("java").build())));
		this.backend.add(new LifecycleEvents(0, () -> "-Xmx1g"));
		this.pipeline.start();
		this.backend.start();
	}

	private SkyWalkingBackend backend(@Nullable String token) {
		ChannelSettings settings = new ChannelSettings(List.of(this.collector.address()), token, null,
				Duration.ofSeconds(10), 1 << 20);
		return new SkyWalkingBackend(new ServiceIdentity("shop", "shop-1"), new GrpcTransport(settings),
				new SkyWalkingSchedule(this.notices, () -> this.tracer.suppress()), this.notices);
	}

	private ExportPipeline pipeline() {
		return new ExportPipeline(PipelineSettings.builder()
			.pollInterval(Duration.ofMillis(5))
			.batch(100, 1000, Duration.ofMillis(10))
			.retry(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMinutes(1))
			.shutdownTimeout(Duration.ofSeconds(20))
			.build(), List.of(new SkyWalkingExporter(this.backend, 1 << 20)), List.of(), () -> this.tracer);
	}

}
