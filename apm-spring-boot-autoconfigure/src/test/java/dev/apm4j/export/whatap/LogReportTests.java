package dev.apm4j.export.whatap;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.LogLine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

class LogReportTests {

	private final ReadingSink sink = new ReadingSink();

	private final ApmTracer tracer = ApmTracer.builder().sink((segment) -> {
	}).build();

	private final ApmSpan span = this.tracer.nextSpan().name("GET /").start();

	private final LogReport report = new LogReport(4, 100, SecretNames.STANDARD::contains);

	private static LogLine line(String message, @Nullable Throwable throwable, @Nullable ApmSpan span) {
		return new LogLine(1_700_000_000_123L, "WARN", "com.example.Shop", "request-1", message, throwable, span);
	}

	private String sentContent() throws IOException {
		this.report.report(this.sink);
		assertThat(this.sink.received).hasSize(1);
		return this.sink.received.get(0).fields().get("content");
	}

	@Test
	void lineIsSentWithItsTransaction() throws IOException {
		this.report.accept(line("Out of stock", null, this.tracer.nextSpan(this.span).start()));
		assertThat(sentContent()).isEqualTo("WARN  Out of stock");
		assertThat(this.sink.received.get(0)).satisfies((pack) -> {
			assertThat(pack.fields()).containsEntry("pack", "LogSinkPack")
				.containsEntry("category", "AppLog")
				.containsEntry("time", "1700000000123")
				.containsEntry("line", "1700000000123")
				.containsEntry("pcode", "31337");
			assertThat(ReadingSink.contents(pack.tags()))
				.isEqualTo(Map.of("@txid", Long.toString(TransactionWriter.txid(this.span.owner()))));
			assertThat(ReadingSink.contents(pack.entries()))
				.isEqualTo(Map.of("logger", "com.example.Shop", "thread", "request-1", "level", "WARN"));
		});
		// Not sent for its own sake.
		assertThat(this.sink.flushes).containsExactly(Flush.LATER);
		assertThat(this.report.sent()).isEqualTo(1);
	}

	@Test
	void lineOutsideOfTransactionsIsNotSent() throws IOException {
		this.report.accept(line("Started", null, null));
		ApmTracer paused = ApmTracer.builder().sink((segment) -> {
		}).build();
		paused.pause();
		this.report.accept(line("Nobody knows the transaction", null, paused.nextSpan().start()));
		this.report.report(this.sink);
		assertThat(this.sink.received).isEmpty();
		assertThat(this.report.remark()).isNull();
	}

	@Test
	void secretsAreMaskedInMessageAndException() throws IOException {
		IllegalStateException failure = new IllegalStateException("No login with password=hunter2",
				new IOException("token: hunter2"));
		this.report.accept(line("Login with password=hunter2 failed", failure, this.span));
		assertThat(sentContent())
			.startsWith(
					"WARN  Login with password=# failed\njava.lang.IllegalStateException: No login with password=#\n")
			.contains("Caused by: java.io.IOException: token: #")
			.doesNotContain("hunter2");
	}

	@Test
	void longTextIsCut() throws IOException {
		this.report
			.accept(line("x".repeat(99) + "\ud83d\ude00", new IllegalStateException("y".repeat(100_000)), this.span));
		String content = sentContent();
		assertThat(content).startsWith("WARN  " + "x".repeat(99) + "\njava.lang.IllegalStateException: yyy")
			.hasSizeLessThan(10_000);
	}

	@Test
	void waitingLineHoldsNoMoreThanIsSent() throws IOException {
		WeakReference<String> message = acceptLongMessage();
		await().until(() -> {
			System.gc();
			return message.refersTo(null);
		});
		assertThat(sentContent()).isEqualTo("WARN  " + "x".repeat(100));
	}

	private WeakReference<String> acceptLongMessage() {
		String message = "x".repeat(1_000_000);
		this.report.accept(line(message, null, this.span));
		return new WeakReference<>(message);
	}

	@Test
	void secretAtTheCutIsMasked() throws IOException {
		this.report.accept(line("x".repeat(80) + " http://user:hunter2@db", null, this.span));
		assertThat(sentContent()).contains("http://").doesNotContain("hunt");
	}

	@Test
	void linesThatFindNoRoomAreCounted() throws IOException {
		for (int i = 0; i < 10; i++) {
			this.report.accept(line("line " + i, null, this.span));
		}
		assertThat(this.report.dropped()).isEqualTo(6);
		assertThat(this.report.remark()).isEqualTo("6 log lines dropped");
		this.report.report(this.sink);
		assertThat(this.sink.received).extracting((pack) -> pack.fields().get("content"))
			.isEqualTo(List.of("WARN  line 0", "WARN  line 1", "WARN  line 2", "WARN  line 3"));
	}

	@Test
	void agentThatIsAwayIsTriedOncePerRound() {
		AtomicInteger tries = new AtomicInteger();
		this.report.accept(line("first", null, this.span));
		this.report.accept(line("second", null, this.span));
		assertThatIOException().isThrownBy(() -> this.report.report((source, flush) -> {
			tries.incrementAndGet();
			throw new IOException("Connection refused");
		}));
		assertThat(tries).hasValue(1);
	}

	@Test
	void linesThatFindTheAgentAwayAreNotKept() throws IOException {
		this.sink.failure = new IOException("Connection refused");
		this.report.accept(line("first", null, this.span));
		this.report.accept(line("second", null, this.span));
		assertThatIOException().isThrownBy(() -> this.report.report(this.sink));
		assertThat(this.report.dropped()).isEqualTo(2);
		this.sink.failure = null;
		this.report.accept(line("third", null, this.span));
		assertThat(sentContent()).isEqualTo("WARN  third");
	}

}
