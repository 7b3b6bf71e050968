package dev.apm4j.export.whatap;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanLimits;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TransactionWriterTests {

	private static final long START = 1_700_000_000_123L;

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private final SentTransactions sent = new SentTransactions();

	@Test
	void aRequestWithItsCalls() throws IOException {
		ApmSpan request = this.sent.request();
		this.sent.writer().start(request.owner());
		ApmSpan method = this.sent.child(request, "OrderService.load", null)
			.tag("code.function.name", "shop.OrderService.load");
		this.sent.statement(method, "SELECT * FROM orders WHERE id = ?").tag("db.response.returned_rows", 3).end();
		method.end();
		this.sent.child(request, "GET /stock/{id}", Span.Kind.CLIENT)
			.tag("http.request.method", "GET")
			.tag("url.template", "/stock/{id}")
			.tag("server.address", "stock")
			.tag("server.port", 8080)
			.tag("url.full", "http://stock:8080/stock/7?x=1")
			.tag("apm.http.client", "rest-client")
			.tag("http.response.status_code", 500)
			.tag("error.type", "500")
			.end();
		request.event("retried").end();
		assertThat(this.sent.ended().text()).isEqualTo("""
				TX_START /orders/{id} false GET
				TX_MSG OriginURL /orders/7
				TX_METHOD OrderService.load
				TX_SQL postgresql://db:5432/shop SELECT * FROM orders WHERE id = ? 3
				TX_MSG Fetch count 3 Fetch count: 3
				TX_ERROR 500 Internal Server Error
				TX_HTTPC http://stock:8080/stock/{id} rest-client
				TX_MSG Event retried
				TX_END /orders/{id} 200""");
	}

	@ParameterizedTest
	@EnumSource(WireVersion.class)
	void allPacketsAreOfTheTransactionAndItsTime(WireVersion version) throws IOException {
		SentTransactions each = new SentTransactions(version, SpanLimits.DEFAULT, true);
		ApmSpan job = each.tracer().nextSegment(null).name("ReportJob.run").tag("apm.job.type", "scheduled");
		job.startTimestamp(START, TimeUnit.MILLISECONDS).start();
		each.writer().start(job.owner(), 42);
		ApmSpan step = each.tracer().nextSpan(job).name("load");
		step.startTimestamp(START + 10, TimeUnit.MILLISECONDS).start();
		step.end(START + 25, TimeUnit.MILLISECONDS);
		job.end(START + 100, TimeUnit.MILLISECONDS);
		long txid = Long.parseUnsignedLong(job.spanId(), 16);
		assertThat(TransactionWriter.txid(job.owner())).isEqualTo(txid);
		long pid = ProcessHandle.current().pid();
		assertThat(each.ended().packets()).extracting(Packet::common)
			.containsExactly(List.of(txid, START, 0L, 0L, 0L, pid, 42L),
					List.of(txid, START + 10, 15L, 0L, 0L, pid, 0L), List.of(txid, START + 100, 100L, 0L, 0L, pid, 0L));
		assertThat(each.packets()).extracting(Packet::version).containsOnly(version);
		assertThat(each.flushes()).containsExactly(AgentLink.Flush.NOW, AgentLink.Flush.LATER, AgentLink.Flush.NOW);
	}

	@Test
	void requestThatHasJustStartedHasNothingButItsPath() throws IOException {
		ApmSpan request = this.sent.tracer()
			.nextSegment(null)
			.kind(Span.Kind.SERVER)
			.name("GET")
			.tag("http.request.method", "GET")
			.tag("url.path", "/orders/7;jsessionid=abc")
			.start();
		this.sent.writer().start(request.owner());
		assertThat(this.sent.text()).isEqualTo("TX_START /orders/7 false GET");
	}

	@Test
	void startTellsWhatTheClientSaidOfItself() throws IOException {
		ApmSpan request = this.sent.request()
			.tag("server.address", "shop.example.com:8443")
			.tag("client.address", "10.0.0.7:51234")
			.tag("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)")
			.tag("enduser.id", "bob")
			.tagOfStrings("http.request.header.referer", List.of("http://u:pw@shop/cart?x=1"));
		this.sent.writer().start(request.owner());
		assertThat(this.sent.only(PacketType.TX_START).fields()).containsEntry("host", "shop.example.com")
			.containsEntry("ipaddr", "10.0.0.7")
			.containsEntry("userAgent", "Mozilla/5.0 (X11; Linux x86_64)")
			.containsEntry("referer", "http://shop/cart")
			.containsEntry("clientId", "bob")
			.containsEntry("isStaticContents", "false")
			.containsEntry("httpMethod", "GET");
	}

	@ParameterizedTest
	@CsvSource({ "shop,shop", "shop:80,shop", "10.0.0.7:80,10.0.0.7", "[::1]:80,--1", "[::1],--1", "u:p@shop:80,shop",
			"shop/x?y,shop/x", "::1,::1" })
	void hostHasNoPort(String address, String host) throws IOException {
		this.sent.writer().start(this.sent.request().tag("server.address", address).owner());
		assertThat(this.sent.only(PacketType.TX_START).fields()).containsEntry("host", host);
	}

	@Test
	void methodStaysWhatItWas() throws IOException {
		this.sent.writer().start(this.sent.request().tag("http.request.method", "PATCH").owner());
		this.sent.writer()
			.start(this.sent.request()
				.tag("http.request.method", "_OTHER")
				.tag("http.request.method_original", "PURGE")
				.owner());
		assertThat(this.sent.all(PacketType.TX_START)).extracting((packet) -> packet.fields().get("httpMethod"))
			.containsExactly("PATCH", "PURGE");
	}

	@ParameterizedTest
	@CsvSource({ "scheduled,ReportJob.run", "runner,importRunner", "batch,job:nightly" })
	void jobHasTheNameOfItsSpan(String type, String name) throws IOException {
		ApmSpan job = this.sent.tracer().nextSegment(null).name(name).tag("apm.job.type", type).start();
		this.sent.writer().start(job.owner());
		job.end();
		assertThat(this.sent.ended().text()).isEqualTo("TX_START " + name + " false\nTX_END " + name);
	}

	@Test
	void consumerAndEntryPointHaveTheNameOfTheirSpan() throws IOException {
		ApmSpan consumer = this.sent.tracer()
			.nextSegment(null)
			.kind(Span.Kind.CONSUMER)
			.name("orders process")
			.tag("server.address", "broker")
			.start();
		this.sent.writer().start(consumer.owner());
		assertThat(this.sent.text()).isEqualTo("TX_START orders process false");
	}

	@ParameterizedTest
	@CsvSource({ "'',unknown", "' ',unknown", "'a\nb',a b" })
	void everyTransactionHasAName(String name, String sentName) throws IOException {
		this.sent.writer().start(this.sent.tracer().nextSegment(null).name(name).start().owner());
		assertThat(this.sent.only(PacketType.TX_START).fields()).containsEntry("uri", sentName);
	}

	@ParameterizedTest
	@CsvSource({ "GET /orders,/orders", "/orders,/orders", "GET,/", "'',/" })
	void requestWithoutPathHasThatOfItsName(String name, String uri) throws IOException {
		ApmSpan request = this.sent.tracer().nextSegment(null).kind(Span.Kind.SERVER).name(name).start();
		request.tag("http.request.method", "GET");
		this.sent.writer().start(request.owner());
		assertThat(this.sent.only(PacketType.TX_START).fields()).containsEntry("uri", uri);
	}

	@ParameterizedTest
	@CsvSource({ "/reset/{token:.+}/ok,/reset/{token:.+}/ok", "/a b/{token: x},/a b/{token: #", "/**,/**",
			"/token=abc,/token=#" })
	void variablesOfARouteAreNoSecrets(String route, String uri) throws IOException {
		this.sent.writer().start(this.sent.request().tag("http.route", route).owner());
		assertThat(this.sent.only(PacketType.TX_START).fields()).containsEntry("uri", uri);
	}

	@Test
	void onlyCountedTransactionHasNoSteps() throws IOException {
		ApmSpan request = this.sent.request();
		this.sent.statement(request, "SELECT 1").end();
		request.tag("http.response.status_code", 503).end();
		this.sent.writer().end(this.sent.segment(), false);
		assertThat(this.sent.text()).isEqualTo("TX_ERROR 503 Service Unavailable\nTX_END /orders/{id} 503");
	}

	@Test
	void transactionThatGoesOnIsEndedAndLaterToldAsAWhole() throws IOException {
		ApmSpan job = this.sent.tracer().nextSegment(null).name("nightly").tag("apm.job.type", "batch");
		job.startTimestamp(START, TimeUnit.MILLISECONDS).start();
		this.sent.writer().endEarly(job.owner());
		assertThat(this.sent.text()).isEqualTo("""
				TX_MSG Still running still running, reported as a whole when it ends
				TX_END nightly""");
		assertThat(this.sent.only(PacketType.TX_END).common().subList(0, 2))
			.containsExactly(TransactionWriter.txid(job.owner()), SentTransactions.NOW);
		this.sent.packets().clear();
		this.sent.child(job, "load", null).end();
		this.sent.statement(job, "SELECT 1").tag("db.response.returned_rows", 5).end();
		job.error(new IllegalStateException("gone")).end(START + 400_000, TimeUnit.MILLISECONDS);
		this.sent.writer().whole(this.sent.segment(), true);
		assertThat(this.sent.text()).isEqualTo("""
				TX_SQL postgresql://db:5432/shop SELECT 1 5
				TX_ERROR java.lang.IllegalStateException gone
				TX_START_END nightly false""");
		assertThat(this.sent.only(PacketType.TX_SQL).common().get(0)).isZero();
		assertThat(this.sent.only(PacketType.TX_ERROR).common().get(0)).isZero();
		Packet whole = this.sent.only(PacketType.TX_START_END);
		assertThat(whole.common().subList(1, 3)).containsExactly(START, 400_000L);
		assertThat(whole.common().get(0)).isNotZero().isNotEqualTo(TransactionWriter.txid(job.owner()));
	}

	@Test
	void wholeWithoutDetailHasNoSteps() throws IOException {
		ApmSpan request = this.sent.request();
		this.sent.statement(request, "SELECT 1").end();
		request.end();
		this.sent.writer().whole(this.sent.segment(), false);
		assertThat(this.sent.text()).isEqualTo("TX_START_END /orders/{id} false");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void lonelyCallIsCountedButNoTransaction(boolean http) throws IOException {
		ApmSpan call = this.sent.tracer().nextSegment(null).name("call").kind(Span.Kind.CLIENT).start();
		call.tag(http ? "http.request.method" : "db.system.name", "mysql")
			.tag(http ? "url.full" : "db.query.text", "x");
		this.sent.writer().start(call.owner());
		this.sent.writer().endEarly(call.owner());
		assertThat(this.sent.packets()).isEmpty();
		call.error(new IllegalStateException("gone")).end();
		this.sent.ended();
		assertThat(this.sent.packets()).extracting(Packet::type)
			.containsExactly(PacketType.TX_ERROR, http ? PacketType.TX_HTTPC : PacketType.TX_SQL);
		assertThat(this.sent.packets()).allMatch((packet) -> packet.common().get(0) == 0);
	}

	@Test
	void spansThatTheTracerLeftOutAreNamed() throws IOException {
		SentTransactions small = new SentTransactions(WireVersion.V20104, new SpanLimits(2, 64, 4096, 64, 32), true);
		ApmSpan request = small.request();
		small.child(request, "one", null).end();
		small.child(request, "two", null).end();
		small.child(request, "three", null).end();
		request.end();
		assertThat(small.ended().text()).contains("TX_MSG Steps left out 2 2 steps left out\nTX_END");
	}

	@Test
	void capturedHeadersAndParametersAreMessages() throws IOException {
		this.sent.request()
			.tag("url.query", "page=2&password=pw&q=a%20b&x&page=3")
			.tagOfStrings("http.request.header.accept", List.of("text/html"))
			.tag("http.request.header.authorization", "secret")
			.end();
		this.sent.ended();
		assertThat(this.sent.only(PacketType.TX_SECURE_MSG).fields()).containsEntry("hash", "HTTP-PARAMETERS")
			.containsEntry("value", "GET")
			.containsEntry("desc", "page=2,3\npassword=#\nq=a%20b\nx=\n");
		assertThat(this.sent.all(PacketType.TX_MSG)).extracting((packet) -> packet.fields().get("desc"))
			.contains("accept=text/html\nauthorization=#\n");
	}

	@Test
	void callerIsTheTraceAlone() throws IOException {
		ApmSpan request = this.sent.request();
		request.end();
		assertThat(this.sent.ended().only(PacketType.TX_END).fields())
			.containsEntry("mtid", Long.toString(Long.parseUnsignedLong(request.traceId().substring(16), 16)))
			.containsEntry("mdepth", "")
			.containsEntry("mcallerTxid", "")
			.containsEntry("mcallerStepId", "");
	}

	@Test
	void callerOfAnotherProcessIsItsSpan() throws IOException {
		PropagatedContext cause = PropagatedContext.builder().ids(TRACE, -7).sampled(true).build();
		this.sent.tracer().nextSegment(cause).kind(Span.Kind.SERVER).start().end();
		assertThat(this.sent.ended().only(PacketType.TX_END).fields())
			.containsEntry("mtid", Long.toString(Long.parseUnsignedLong("8448eb211c80319c", 16)))
			.containsEntry("mcallerTxid", "")
			.containsEntry("mcallerPcode", "")
			.containsEntry("mcallerStepId", "-7");
	}

	@Test
	void callerOfThisProcessIsItsTransaction() throws IOException {
		ApmSpan request = this.sent.request();
		ApmSpan method = this.sent.child(request, "OrderService.load", null);
		this.sent.tracer().nextSegment(method).name("async").start().end();
		assertThat(this.sent.ended().only(PacketType.TX_END).fields()).containsEntry("uri", "async")
			.containsEntry("mcallerTxid", Long.toString(TransactionWriter.txid(request.owner())))
			.containsEntry("mcallerPcode", "4711")
			.containsEntry("mcallerUrl", Integer.toString(WireHash.hash32("/orders/{id}")))
			.containsEntry("mcallerStepId", Long.toString(Long.parseUnsignedLong(method.spanId(), 16)));
	}

	@Test
	void idOfATraceThatIsFreeTextIsANumber() throws IOException {
		PropagatedContext cause = PropagatedContext.builder().ids("3.4.5", 0).sampled(true).build();
		this.sent.tracer().nextSegment(cause).kind(Span.Kind.SERVER).start().end();
		Segment segment = this.sent.segment();
		assertThat(this.sent.ended().only(PacketType.TX_END).fields()).containsEntry("mtid",
				Long.toString(Long.parseUnsignedLong(segment.traceIdHex().substring(16), 16)));
	}

}
