package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SkyWalkingExporterTests {

	private final RecordingTransport transport = new RecordingTransport();

	private final SkyWalkingNotices notices = new SkyWalkingNotices();

	private final SkyWalkingBackend backend = new SkyWalkingBackend(new ServiceIdentity("shop", "shop-1"),
			this.transport, new SkyWalkingSchedule(this.notices, () -> () -> {
			}), this.notices);

	private final SkyWalkingExporter exporter = new SkyWalkingExporter(this.backend, 1 << 20);

	@Test
	void segmentsAreSentInTheirOrder() throws Exception {
		this.exporter.export(segments("GET /a", "GET /b"));
		assertThat(this.transport.calls).containsExactly("segments 2");
		assertThat(this.transport.sent).allSatisfy((segment) -> {
			assertThat(SegmentCheck.problem(segment)).isNull();
			assertThat(segment.getService()).isEqualTo("shop");
			assertThat(segment.getServiceInstance()).isEqualTo("shop-1");
		});
		assertThat(this.exporter.notice()).isNull();
	}

	@Test
	void spansOfASegmentCanBeLimitedWhileRunning() throws Exception {
		this.exporter.maxSpans(2);
		this.exporter.export(List.of(withChildren(9)));
		this.exporter.maxSpans(0);
		this.exporter.export(List.of(withChildren(9)));
		assertThat(this.transport.sent).extracting((segment) -> segment.getSpansCount()).containsExactly(2, 10);
		assertThat(this.transport.sent).extracting((segment) -> segment.getIsSizeLimited())
			.containsExactly(true, false);
	}

	private static Segment withChildren(int count) {
		List<Segment> segments = new CopyOnWriteArrayList<>();
		Tracer tracer = ApmTracer.builder().sink(segments::add).build();
		Span root = tracer.nextSpan().name("root").start();
		for (int i = 0; i < count; i++) {
			tracer.nextSpan(root).name("child").start().end();
		}
		root.end();
		return segments.get(0);
	}

	@Test
	void noticeTellsOfTasksThatFail() {
		this.notices.failed("keep-alive", new IllegalStateException("away"));
		assertThat(this.exporter.notice()).isEqualTo("keep-alive fails: away");
	}

	/** A status has room for little. */
	@Test
	void noticeHasEachReasonOnce() {
		for (String task : List.of("keep-alive", "meters", "logs", "JVM metrics")) {
			this.notices.failed(task, new IllegalStateException("away"));
		}
		this.notices.failed("start event", new IllegalStateException("late"));
		this.notices.unsupported("profile tasks", new UnsupportedSignalException("not known"));
		this.notices.unsupported("snapshots", new UnsupportedSignalException("not known"));
		this.notices.add(() -> "3 log lines dropped");
		assertThat(this.exporter.notice()).isEqualTo("JVM metrics, keep-alive, logs, meters fail: away; "
				+ "start event fails: late; profile tasks, snapshots are off: not known; 3 log lines dropped");
	}

	@Test
	void closingTheExporterClosesTheTransportOnce() {
		this.exporter.close(Duration.ofSeconds(1));
		this.exporter.close(Duration.ofSeconds(1));
		assertThat(this.transport.calls).containsExactly("close");
	}

	private static List<Segment> segments(String... names) {
		List<Segment> segments = new CopyOnWriteArrayList<>();
		Tracer tracer = ApmTracer.builder().sink(segments::add).build();
		for (String name : names) {
			tracer.nextSpan().name(name).start().end();
		}
		return segments;
	}

}
