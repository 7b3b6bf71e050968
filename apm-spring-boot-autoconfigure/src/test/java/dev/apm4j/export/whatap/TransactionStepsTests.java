package dev.apm4j.export.whatap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.ExitCall;
import dev.apm4j.trace.ExitCalls;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.SpanLimits;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class TransactionStepsTests {

	private static final long START = 1_700_000_000_000L;

	private SentTransactions sent = new SentTransactions();

	private ApmSpan root = job(this.sent);

	private static ApmSpan job(SentTransactions sent) {
		return sent.tracer().nextSegment(null).name("job").startTimestamp(START, TimeUnit.MILLISECONDS).start();
	}

	private ApmSpan started(String name, Span.Kind kind, long millis) {
		return this.sent.tracer()
			.nextSpan(this.root)
			.name(name)
			.kind(kind)
			.startTimestamp(START + millis, TimeUnit.MILLISECONDS)
			.start();
	}

	private String steps() throws IOException {
		this.root.end(START + 1000, TimeUnit.MILLISECONDS);
		String text = this.sent.ended().text();
		return text.substring(0, text.lastIndexOf("\nTX_END"));
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", delimiter = '|',
			textBlock = """
					local | code.function.name=shop.OrderService.load | TX_METHOD OrderService.load
					local | code.function.name=load | TX_METHOD load
					local | - | TX_METHOD the name
					PRODUCER | messaging.system=kafka | TX_METHOD the name
					CONSUMER | messaging.system=kafka | TX_METHOD the name
					SERVER | http.request.method=GET | TX_METHOD the name
					CLIENT | - | TX_METHOD the name
					CLIENT | messaging.system=kafka,http.request.method=GET | TX_METHOD the name
					CLIENT | url.full=http://u:pw@h/a?b | TX_HTTPC http://h/a http
					CLIENT | url.full=http://h/a,url.template=/{x} | TX_HTTPC http://h/{x} http
					CLIENT | url.full=http://h,url.template=/{x} | TX_HTTPC http://h/{x} http
					CLIENT | url.full=http://h?a=b,url.template=/{x} | TX_HTTPC http://h/{x} http
					CLIENT | url.full=/a,url.template=/{x} | TX_HTTPC /a http
					CLIENT | http.request.method=GET,apm.http.client=web-client | TX_HTTPC http://unknown/ web-client
					CLIENT | http.request.method=GET,server.address=h,server.port=81,url.template=/a | TX_HTTPC http://h:81/a http
					CLIENT | http.request.method=GET,server.address=::1,server.port=81 | TX_HTTPC http://--1:81/ http
					CLIENT | http.request.method=GET,peer.service=stock,url.path=a,url.scheme=https | TX_HTTPC https://stock/a http
					CLIENT | rpc.system=grpc,rpc.service=a.B,rpc.method=c,server.address=h | TX_HTTPC grpc://h/a.B/c grpc
					CLIENT | grpc.status_code=OK,server.address=h | TX_HTTPC grpc://h/the name grpc
					CLIENT | db.system.name=h2database | TX_SQL h2:// the name
					CLIENT | db.system.name=h2database,db.namespace=mem:shop | TX_SQL h2:///mem:shop the name
					CLIENT | db.system=mysql,db.name=shop,db.statement=SELECT 1,net.peer.name=h | TX_SQL mysql://h/shop SELECT 1
					CLIENT | db.system.name=microsoft.sql_server,server.address=h:1,server.port=2 | TX_SQL sqlserver://h:1 the name
					CLIENT | db.system.name=x,server.address=u:pw@h,db.query.text=s | TX_SQL x://#@h s
					CLIENT | db.system.name=x,db.query.text=a = 'it''s' and b = 'x | TX_SQL x:// a = ? and b = ?
					CLIENT | db.system.name=x,db.query.text=a = 'C:\\' and b = 'hunter2' limit 1 | TX_SQL x:// a = ? limit 1
					CLIENT | db.system.name=x,db.query.text=a = 'it\\'s' and b = 1 | TX_SQL x:// a = ? and b = 1
					CLIENT | db.system.name=x,db.query.text=a = 'it\\'s cut | TX_SQL x:// a = ?
					CLIENT | db.system.name=redis,db.query.text=AUTH password=x | TX_SQL redis:// AUTH password=#
					CLIENT | db.system.name=x,db.operation.name=COMMIT | TX_METHOD Connection.commit
					CLIENT | db.system.name=x,db.operation.name=ROLLBACK | TX_METHOD Connection.rollback
					CLIENT | db.system.name=x,db.operation.name=COMMIT,db.query.text=COMMIT WORK | TX_SQL x:// COMMIT WORK
					""")
	void spanIsAStep(String kind, String attributes, String step) throws IOException {
		Span.Kind role = kind.equals("local") ? null : Span.Kind.valueOf(kind);
		ApmSpan span = this.sent.child(this.root, "the name", role);
		for (String pair : (attributes != null) ? attributes.split(",") : new String[0]) {
			int equals = pair.indexOf('=');
			span.tag(pair.substring(0, equals), pair.substring(equals + 1));
		}
		span.end();
		assertThat(steps()).isEqualTo(step);
	}

	@Test
	void stepsAreInTheOrderOfTheirStart() throws IOException {
		ApmSpan late = started("late", null, 500);
		ApmSpan early = started("early", null, 100);
		late.event("between", START + 300, TimeUnit.MILLISECONDS);
		late.end(START + 600, TimeUnit.MILLISECONDS);
		early.end(START + 200, TimeUnit.MILLISECONDS);
		assertThat(steps()).isEqualTo("TX_METHOD early\nTX_MSG Event between\nTX_METHOD late");
		assertThat(this.sent.packets()).extracting((packet) -> packet.common().subList(1, 3))
			.containsExactly(List.of(START + 100, 100L), List.of(START + 300, 0L), List.of(START + 500, 100L),
					List.of(START + 1000, 1000L));
	}

	@Test
	void noStepIsOutsideOfItsTransaction() throws IOException {
		started("before", null, -500).end(START + 10, TimeUnit.MILLISECONDS);
		started("long", null, 900).end(START + 5000, TimeUnit.MILLISECONDS);
		started("after", null, 3000).end(START + 5000, TimeUnit.MILLISECONDS);
		started("backwards", null, 500).end(START + 400, TimeUnit.MILLISECONDS);
		this.root.event("much later", START + 9000, TimeUnit.MILLISECONDS);
		steps();
		assertThat(this.sent.packets()).allSatisfy((packet) -> {
			assertThat(packet.common().get(1)).isBetween(START, START + 1000);
			assertThat(packet.common().get(2)).isNotNegative();
			assertThat(packet.common().get(1) + packet.common().get(2)).isLessThanOrEqualTo(START + 2000);
		});
		assertThat(this.sent.all(PacketType.TX_METHOD)).extracting((packet) -> packet.common().get(2))
			.containsExactly(10L, 0L, 100L, 0L);
	}

	@Test
	void durationThatDoesNotFitIsTheLongest() throws IOException {
		this.root.end(START + 3_000_000_000L, TimeUnit.MILLISECONDS);
		this.sent.writer().whole(this.sent.segment(), true);
		assertThat(this.sent.only(PacketType.TX_START_END).common().get(2)).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void callHasTheIdThatTheCalleeWasTold() throws IOException {
		ApmSpan call = started("GET", Span.Kind.CLIENT, 1).tag("http.request.method", "GET");
		call.end();
		steps();
		assertThat(this.sent.only(PacketType.TX_HTTPC).fields()).containsEntry("stepId",
				Long.toString(Long.parseUnsignedLong(call.spanId(), 16)));
	}

	@Test
	void statementBringsItsWaitForAConnection() throws IOException {
		ApmSpan statement = started("SELECT", Span.Kind.CLIENT, 100).tag("db.system.name", "h2database")
			.tag(DatabaseAttributes.CONNECTION_WAIT, 30_000_000L);
		statement.end(START + 110, TimeUnit.MILLISECONDS);
		assertThat(steps()).isEqualTo("TX_DB_CONN h2://\nTX_SQL h2:// SELECT");
		assertThat(this.sent.only(PacketType.TX_DB_CONN).common().subList(1, 3)).containsExactly(START + 70, 30L);
	}

	@Test
	void waitThatHasASpanIsToldOnce() throws IOException {
		ApmSpan connect = started("CONNECT shop", null, 100).tag("db.system.name", "h2database");
		connect.end(START + 131, TimeUnit.MILLISECONDS);
		started("SELECT", Span.Kind.CLIENT, 140).tag("db.system.name", "h2database")
			.tag(DatabaseAttributes.CONNECTION_WAIT, 30_000_000L)
			.end(START + 150, TimeUnit.MILLISECONDS);
		started("UPDATE", Span.Kind.CLIENT, 200).tag("db.system.name", "h2database")
			.tag(DatabaseAttributes.CONNECTION_WAIT, 20_000_000L)
			.end(START + 210, TimeUnit.MILLISECONDS);
		assertThat(steps()).isEqualTo("""
				TX_DB_CONN h2://
				TX_SQL h2:// SELECT
				TX_DB_CONN h2://
				TX_SQL h2:// UPDATE""");
		assertThat(this.sent.all(PacketType.TX_DB_CONN)).extracting((packet) -> packet.common().subList(1, 3))
			.containsExactly(List.of(START + 100, 31L), List.of(START + 181, 19L));
	}

	@Test
	void groupOfStatementsIsOneStepThatSaysSo() throws IOException {
		ExitCalls calls = new ExitCalls(this.sent.tracer(), 3, () -> Map.of(DatabaseAttributes.CALLERS,
				List.of("shop.Orders.load(Orders.java:7)", "shop.Web.get(W:1)")));
		SpanTemplate template = SpanTemplate.of("SELECT items", Span.Kind.CLIENT,
				Map.of(DatabaseAttributes.SYSTEM, "h2database", DatabaseAttributes.QUERY_TEXT, "SELECT ?"),
				SpanLimits.DEFAULT);
		this.root = this.sent.tracer().nextSegment(null).name("job").start();
		try (Tracer.SpanInScope scope = this.sent.tracer().withSpan(this.root)) {
			ExitCall call = calls.newCall();
			for (int i = 0; i < 20; i++) {
				call.begin(template, 0);
				call.succeeded();
				call.addRows(2);
			}
		}
		this.root.end();
		this.sent.ended();
		assertThat(this.sent.only(PacketType.TX_SQL).fields()).containsEntry("fetch", "40");
		Packet message = this.sent.all(PacketType.TX_MSG).get(1);
		assertThat(message.fields()).containsEntry("hash", "Repeated statement").containsEntry("value", "20");
		assertThat(message.fields().get("desc"))
			.matches("20 executions, each [0-9.E-]+ to [0-9.E-]+ ms, by shop.Orders.load\\(Orders.java:7\\) "
					+ "< shop.Web.get\\(W:1\\)");
	}

	@Test
	void batchSaysHowManyStatementsItHas() throws IOException {
		started("INSERT", Span.Kind.CLIENT, 1).tag("db.system.name", "x").tag("db.operation.batch.size", 50).end();
		assertThat(steps()).isEqualTo("TX_SQL x:// INSERT\nTX_MSG Batch 50 50 statements in a batch");
	}

	@Test
	void bindValuesGoWithTheStatement() throws IOException {
		started("SELECT", Span.Kind.CLIENT, 1).tag("db.system.name", "x")
			.tag("db.query.parameter.0", "7")
			.tag("db.query.parameter.1", "Bearer abc")
			.tag("db.query.parameter.name", "bob")
			.tag("db.query.parameter.pin", "1234")
			.error(new IllegalStateException("gone"))
			.end();
		assertThat(steps())
			.isEqualTo("TX_SQL_PARAM x:// SELECT 7,Bearer #,name=bob,# java.lang.IllegalStateException gone");
		assertThat(this.sent.only(PacketType.TX_SQL_PARAM).fields().get("stack"))
			.contains("bindValuesGoWithTheStatement");
	}

	@Test
	void stackOfAStatementWithBindValuesEndsWithWhatWasThrown() throws IOException {
		IllegalStateException deep = new IllegalStateException("gone");
		StackTraceElement[] frames = new StackTraceElement[50];
		for (int i = 0; i < frames.length; i++) {
			frames[i] = new StackTraceElement("a.B" + "x".repeat(90), "m" + i, "B.java", 1);
		}
		deep.setStackTrace(frames);
		started("SELECT", Span.Kind.CLIENT, 1).tag("db.system.name", "x")
			.tag("db.query.parameter.0", "7")
			.error(deep)
			.end();
		steps();
		String stack = this.sent.only(PacketType.TX_SQL_PARAM).fields().get("stack");
		assertThat(stack).endsWith(".m0(B.java:1)\n").startsWith("a.B").hasSizeBetween(1900, 2048);
	}

	@Test
	void notableAttributesAndLinksAreMessages() throws IOException {
		PropagatedContext linked = PropagatedContext.builder().ids("0af7651916cd43dd8448eb211c80319c", 7).build();
		this.root.tag("apm.client_aborted", true).addLink(new Link(linked));
		assertThat(steps()).isEqualTo("""
				TX_MSG Link trace 0af7651916cd43dd8448eb211c80319c, span 0000000000000007
				TX_MSG Client aborted The client was gone before the response""");
	}

	@Test
	void messagesAreBounded() throws IOException {
		this.sent = new SentTransactions(WireVersion.V20106, new SpanLimits(1000, 64, 4096, 2000, 32), true);
		this.root = job(this.sent);
		for (int i = 0; i < 1000; i++) {
			this.root.event("again");
		}
		steps();
		assertThat(this.sent.all(PacketType.TX_MSG)).hasSize(256);
	}

	@ParameterizedTest
	@EnumSource(WireVersion.class)
	void thousandsOfSpansAreAllThere(WireVersion version) throws IOException {
		this.sent = new SentTransactions(version, new SpanLimits(5000, 64, 4096, 64, 32), true);
		this.root = job(this.sent);
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			started("span " + i, null, i % 7).end();
			expected.add("span " + i);
		}
		steps();
		assertThat(this.sent.all(PacketType.TX_METHOD)).extracting((packet) -> packet.fields().get("method"))
			.containsExactlyInAnyOrderElementsOf(expected);
		assertThat(this.sent.all(PacketType.TX_METHOD)).extracting((packet) -> packet.common().get(1)).isSorted();
	}

	@Test
	void textsOfAnyLengthFit() throws IOException {
		this.sent = new SentTransactions(WireVersion.V20106, new SpanLimits(1000, 64, 200_000, 64, 32), true);
		this.root = job(this.sent);
		String huge = "\uac00".repeat(100_000);
		started(huge, null, 1).event(huge).error(new RuntimeException(huge)).end();
		started(huge, Span.Kind.CLIENT, 2).tag("db.system.name", huge)
			.tag("server.address", huge)
			.tag("db.query.text", huge)
			.end();
		started(huge, Span.Kind.CLIENT, 3).tag("db.system.name", huge)
			.tag("server.address", huge)
			.tag("db.query.text", huge)
			.tag("db.query.parameter.0", huge)
			.error(new RuntimeException(huge))
			.end();
		started(huge, Span.Kind.CLIENT, 4).tag("url.full", huge).error(new RuntimeException(huge)).end();
		steps();
		assertThat(this.sent.tooLarge()).isZero();
		assertThat(this.sent.packets()).extracting(Packet::type)
			.contains(PacketType.TX_METHOD, PacketType.TX_SQL, PacketType.TX_SQL_PARAM, PacketType.TX_HTTPC);
		assertThat(this.sent.only(PacketType.TX_SQL).fields().get("sql")).hasSize(32 * 1024 / 3).matches("\uac00+");
	}

}
