package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.LogLine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.entry;

class LogReportTests {

	private final CollectingTransport transport = new CollectingTransport();

	private final LogReport report = new LogReport(4, 20);

	private final SkyWalkingBackend backend = this.transport.backend();

	@Test
	void lineIsSentWithItsTags() throws Exception {
		this.report.accept(new LogLine(1000, "WARN", "com.example.Shop", "main", "Out of stock", null, null));
		LogData line = sent();
		assertThat(line.getTimestamp()).isEqualTo(1000);
		assertThat(line.getService()).isEqualTo("shop");
		assertThat(line.getServiceInstance()).isEqualTo("shop-1");
		assertThat(line.getLayer()).isEqualTo("GENERAL");
		assertThat(line.getBody().getText().getText()).isEqualTo("Out of stock");
		assertThat(line.getTags().getDataList()).extracting((tag) -> entry(tag.getKey(), tag.getValue()))
			.containsExactly(entry("level", "WARN"), entry("logger", "com.example.Shop"), entry("thread", "main"));
		assertThat(line.hasTraceContext()).isFalse();
	}

	@Test
	void lineNamesItsSpan() throws Exception {
		ApmTracer tracer = ApmTracer.builder().sink((segment) -> {
		}).build();
		ApmSpan root = tracer.nextSpan().name("GET /orders/{id}").start();
		ApmSpan child = tracer.nextSpan(root).name("work").start();
		this.report.accept(line("Hello", child));
		LogData line = sent();
		assertThat(line.getTraceContext().getTraceId()).isEqualTo(root.traceId());
		assertThat(line.getTraceContext().getTraceSegmentId()).isEqualTo(root.owner().id());
		assertThat(line.getTraceContext().getSpanId()).isEqualTo(child.number()).isPositive();
		assertThat(line.getEndpoint()).isEqualTo(OperationNames.of(root));
	}

	@Test
	void longMessageIsCut() throws Exception {
		this.report.accept(line("0123456789012345678\uD83D\uDE00", null));
		assertThat(sent().getBody().getText().getText()).isEqualTo("0123456789012345678");
	}

	@Test
	void exceptionIsATag() throws Exception {
		this.report.accept(new LogLine(1, "ERROR", "x", "main", "Failed", new IllegalStateException("Broken"), null));
		assertThat(sent().getTags().getDataList()).filteredOn((tag) -> tag.getKey().equals("exception"))
			.extracting(KeyStringValuePair::getValue)
			.singleElement()
			.satisfies((text) -> assertThat(text).startsWith("java.lang.IllegalStateException: Broken")
				.contains("LogReportTests")
				.hasSizeLessThanOrEqualTo(4000));
	}

	@Test
	void linesWaitWhileTheServerIsAway() throws Exception {
		this.transport.failure = new IOException("Connection refused");
		this.report.accept(line("first", null));
		assertThatIOException().isThrownBy(() -> this.report.report(this.backend));
		this.report.accept(line("second", null));
		this.transport.failure = null;
		this.report.report(this.backend);
		assertThat(this.transport.logs).singleElement()
			.satisfies((lines) -> assertThat(lines).extracting((line) -> line.getBody().getText().getText())
				.containsExactly("first", "second"));
		assertThat(this.report.sent()).isEqualTo(2);
		assertThat(this.report.dropped()).isZero();
	}

	@Test
	void linesThatFindNoRoomAreCounted() throws Exception {
		this.transport.failure = new IOException("Connection refused");
		for (int i = 0; i < 10; i++) {
			this.report.accept(line("line", null));
		}
		assertThat(this.report.dropped()).isEqualTo(6);
		assertThatIOException().isThrownBy(() -> this.report.report(this.backend));
		for (int i = 0; i < 4; i++) {
			this.report.accept(line("line", null));
		}
		assertThatIOException().isThrownBy(() -> this.report.report(this.backend));
		assertThat(this.report.dropped()).isEqualTo(10);
		assertThat(this.report.sent()).isZero();
	}

	@Test
	void refusedLinesAreNotSentAgain() {
		SkyWalkingBackend refusing = new CollectingTransport() {

			@Override
			public void logs(List<LogData> lines) throws Exception {
				throw new ExportRejectedException("PERMISSION_DENIED");
			}

		}.backend();
		this.report.accept(line("line", null));
		assertThatExceptionOfType(ExportRejectedException.class).isThrownBy(() -> this.report.report(refusing));
		assertThat(this.report.dropped()).isEqualTo(1);
	}

	@Test
	void lastLinesAreSentAtTheEnd() {
		this.report.accept(line("Good-bye", null));
		this.report.end(this.backend, Duration.ofSeconds(10));
		assertThat(this.transport.logs).hasSize(1);
	}

	@Test
	void endIsNotWaitedForLonger() {
		SkyWalkingBackend stuck = new CollectingTransport() {

			@Override
			public void logs(List<LogData> lines) throws Exception {
				try {
					Thread.sleep(60_000);
				}
				catch (InterruptedException ex) {
					throw new IOException("Interrupted", ex);
				}
			}

		}.backend();
		this.report.accept(line("Good-bye", null));
		long begin = System.nanoTime();
		this.report.end(stuck, Duration.ofMillis(50));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
	}

	private LogData sent() throws Exception {
		this.report.report(this.backend);
		assertThat(this.transport.logs).hasSize(1);
		return this.transport.logs.get(0).get(0);
	}

	private static LogLine line(String message, @Nullable ApmSpan span) {
		return new LogLine(1, "INFO", "com.example.Shop", "main", message, null, span);
	}

}
