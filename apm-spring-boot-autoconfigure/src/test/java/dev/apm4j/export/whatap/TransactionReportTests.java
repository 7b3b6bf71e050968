package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TransactionReport} without its threads.
 */
class TransactionReportTests {

	private final ReadingSink sink = new ReadingSink();

	/** The numbers of the packets that fail. */
	private final Set<Integer> failing = new TreeSet<>();

	private IOException failure = new IOException("the system's send buffer is full");

	private int packets;

	private final TransactionTable table = new TransactionTable();

	private final ApmTracer tracer = ApmTracer.builder().sink(new SegmentSink() {

		@Override
		public void started(Segment segment) {
			TransactionReportTests.this.table.started(segment);
		}

		@Override
		public void accept(Segment segment) {
			TransactionReportTests.this.table.ended(segment);
		}

	}).build();

	private final TransactionReport report = new TransactionReport(this.table,
			new AgentLink(WhaTapSettings.DEFAULT, SecretNames.STANDARD::contains),
			new TransactionWriter(this::send, (segment) -> Caller.NONE, SecretNames.STANDARD::contains, true),
			() -> WhaTapSettings.DEFAULT, Duration.ofSeconds(30));

	private void send(PacketSource source, AgentLink.Flush flush) throws IOException {
		this.packets++;
		if (this.failing.contains(this.packets)) {
			throw this.failure;
		}
		this.sink.send(source, flush);
	}

	private ApmSpan endedWithAStep() {
		ApmSpan request = this.tracer.nextSpan().kind(Span.Kind.SERVER).name("GET").tag("url.path", "/orders").start();
		this.tracer.nextSpan(request).name("work").start().end();
		request.end();
		request.owner().seal();
		return request;
	}

	private List<String> types() {
		return this.sink.received.stream().map(Packet::type).map(PacketType::name).toList();
	}

	@Test
	void stepThatCanNotBeSentDoesNotCostTheEnd() throws IOException {
		this.failing.add(2);
		this.report.report(endedWithAStep().owner());
		assertThat(types()).containsExactly("TX_START", "TX_END");
		assertThat(this.report.remark()).isEqualTo("1 transactions lost their steps");
	}

	@Test
	void nothingMoreIsTriedWhileNobodyListens() {
		this.failing.add(2);
		this.failure = new AgentUnreachableException("127.0.0.1:6600");
		assertThatExceptionOfType(AgentUnreachableException.class)
			.isThrownBy(() -> this.report.report(endedWithAStep().owner()));
		assertThat(types()).containsExactly("TX_START");
		assertThat(this.packets).isEqualTo(2);
	}

	@Test
	void requestThatHasJustBegunIsToldWithItsRoute() throws IOException {
		ApmSpan request = this.tracer.nextSpan().kind(Span.Kind.SERVER).name("GET").start();
		this.report.look();
		assertThat(types()).isEmpty();
		request.tag("http.request.method", "GET").tag("url.path", "/orders").tag("http.route", "/orders");
		this.report.look();
		assertThat(this.sink.of(PacketType.TX_START)).singleElement()
			.satisfies((start) -> assertThat(start.fields()).containsEntry("uri", "/orders"));
	}

	@Test
	void callWithoutPathIsToldByTheSecondLook() throws IOException {
		this.tracer.nextSpan().kind(Span.Kind.SERVER).name("shop.Orders/Find").start();
		this.report.look();
		this.report.look();
		this.report.look();
		assertThat(types()).containsExactly("TX_START");
	}

}
