package dev.apm4j.export.whatap;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.SpanLimits;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TransactionErrorsTests {

	private final SentTransactions sent = new SentTransactions();

	private final ApmSpan request = this.sent.request();

	@Test
	void exceptionIsToldWhereItComesFromAndForTheTransaction() throws IOException {
		SQLException gone = new SQLException("gone");
		ApmSpan outer = this.sent.child(this.request, "outer", null);
		ApmSpan inner = this.sent.child(outer, "inner", null);
		this.sent.statement(inner, "SELECT 1").error(gone).end();
		inner.error(gone).end();
		outer.error(new IllegalStateException("wrapped", gone)).end();
		this.sent.statement(this.request, "SELECT 2").end();
		this.request.error(gone).end();
		assertThat(this.sent.ended().text()).isEqualTo("""
				TX_MSG OriginURL /orders/7
				TX_METHOD outer
				TX_METHOD inner
				TX_ERROR java.sql.SQLException gone
				TX_SQL postgresql://db:5432/shop SELECT 1
				TX_SQL postgresql://db:5432/shop SELECT 2
				TX_ERROR java.sql.SQLException gone
				TX_END /orders/{id} 200""");
	}

	@Test
	void eachFailedStatementHasItsError() throws IOException {
		this.sent.statement(this.request, "SELECT 1").error(new SQLException("one")).end();
		this.sent.statement(this.request, "SELECT 2").error(new SQLException("two")).end();
		this.request.end();
		assertThat(this.sent.ended().all(PacketType.TX_ERROR))
			.extracting((packet) -> packet.fields().get("errorMessage"))
			.containsExactly("one", "two");
	}

	@Test
	void exceptionThatWentThroughTwoCallsIsOfTheFirst() throws IOException {
		IllegalStateException gone = new IllegalStateException("gone");
		ApmSpan call = this.sent.child(this.request, "call", Span.Kind.CLIENT).tag("rpc.system", "grpc");
		this.sent.child(call, "GET", Span.Kind.CLIENT).tag("http.request.method", "GET").error(gone).end();
		call.error(gone).end();
		this.request.end();
		assertThat(this.sent.ended().packets()).extracting(Packet::type)
			.containsExactly(PacketType.TX_MSG, PacketType.TX_ERROR, PacketType.TX_HTTPC, PacketType.TX_HTTPC,
					PacketType.TX_END);
	}

	@Test
	void failedMethodThatNobodyElseTellsOfIsAMessageAndNoFailureOfTheTransaction() throws IOException {
		IllegalStateException caught = new IllegalStateException("caught");
		ApmSpan outer = this.sent.child(this.request, "outer", null);
		this.sent.child(outer, "inner", null).error(caught).end();
		outer.error(new RuntimeException(caught)).end();
		this.request.end();
		this.sent.ended();
		assertThat(this.sent.all(PacketType.TX_ERROR)).isEmpty();
		List<Packet> messages = this.sent.all(PacketType.TX_MSG);
		assertThat(messages).hasSize(2);
		assertThat(messages.get(1).fields()).containsEntry("hash", "java.lang.IllegalStateException");
		assertThat(messages.get(1).fields().get("desc")).startsWith("caught\n")
			.contains("failedMethodThatNobodyElseTellsOfIsAMessage");
	}

	@Test
	void failedMethodOfAFailedRequestIsToldOnce() throws IOException {
		IllegalStateException gone = new IllegalStateException("gone");
		this.sent.child(this.request, "inner", null).error(gone).end();
		this.request.error(new RuntimeException("outer", gone)).end();
		assertThat(this.sent.ended().text()).isEqualTo("""
				TX_MSG OriginURL /orders/7
				TX_METHOD inner
				TX_ERROR java.lang.RuntimeException outer
				TX_END /orders/{id} 200""");
	}

	@Test
	void failureOfOtherStepsIsNotTakenForThatOfAStatement() throws IOException {
		this.sent.child(this.request, "CONNECT shop", null)
			.tag("db.system.name", "h2database")
			.error(new SQLException("no connection"))
			.end();
		this.sent.child(this.request, "orders send", Span.Kind.PRODUCER).error(new IllegalStateException("full")).end();
		this.sent.statement(this.request, "SELECT 1").end();
		this.request.end();
		assertThat(this.sent.ended().text()).isEqualTo("""
				TX_MSG OriginURL /orders/7
				TX_DB_CONN h2://
				TX_METHOD orders send
				TX_SQL postgresql://db:5432/shop SELECT 1
				TX_ERROR java.sql.SQLException no connection
				TX_ERROR java.lang.IllegalStateException full
				TX_END /orders/{id} 200""");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			200, '',      true,  ''
			399, '',      true,  ''
			404, '',      true,  404 Not Found
			404, '',      false, ''
			404, 404,     false, 404 Not Found
			418, '',      true,  418 HTTP status 418
			500, '',      false, 500 Internal Server Error
			503, timeout, true,  timeout Service Unavailable
			0,   timeout, true,  timeout
			""")
	void requestFailsByItsStatus(int status, String type, boolean clientErrors, String error) throws IOException {
		SentTransactions each = new SentTransactions(WireVersion.V20106, SpanLimits.DEFAULT, clientErrors);
		ApmSpan span = each.request().tag("http.response.status_code", status);
		span.tag("error.type", type.isEmpty() ? null : type).end();
		assertThat(each.ended().all(PacketType.TX_ERROR))
			.extracting(
					(packet) -> (packet.fields().get("errorType") + " " + packet.fields().get("errorMessage")).strip())
			.isEqualTo(error.isEmpty() ? List.of() : List.of(error));
		assertThat(each.only(PacketType.TX_END).fields()).containsEntry("status",
				(status > 0) ? Integer.toString(status) : "");
	}

	@Test
	void callFailsByItsStatusWhoeverMadeTheSpan() throws IOException {
		this.sent.child(this.request, "GET", Span.Kind.CLIENT).tag("http.response.status_code", "404").end();
		this.request.end();
		assertThat(this.sent.ended().only(PacketType.TX_ERROR).fields()).containsEntry("errorType", "404");
	}

	@Test
	void exceptionCountsMoreThanItsStatus() throws IOException {
		this.request.tag("http.response.status_code", 500).tag("error.type", "500").error(new IOException("x")).end();
		assertThat(this.sent.ended().only(PacketType.TX_ERROR).fields()).containsEntry("errorType",
				"java.io.IOException");
	}

	@Test
	void valuesOfTheDatabaseAreMasked() throws IOException {
		SQLException duplicate = new SQLException("Duplicate entry 'bob@example.com' for key 'users.email'");
		this.sent.statement(this.request, "INSERT").error(duplicate).end();
		this.request.error(new IllegalStateException("could not\nsave", duplicate)).end();
		assertThat(this.sent.ended().bytes()).doesNotContain("bob@example.com");
		assertThat(this.sent.all(PacketType.TX_ERROR)).extracting((packet) -> packet.fields().get("errorMessage"))
			.containsExactly("Duplicate entry ? for key 'users.email'", "could not save");
	}

	@Test
	void stackBeginsWithTheOutermostFrameAndEndsWithWhatWasThrown() throws IOException {
		this.request.error(new IllegalStateException("x")).end();
		String[] lines = this.sent.ended().only(PacketType.TX_ERROR).fields().get("stack").split("\n");
		assertThat(lines).hasSizeLessThanOrEqualTo(50);
		assertThat(lines[lines.length - 1]).contains("stackBeginsWithTheOutermostFrameAndEndsWithWhatWasThrown")
			.doesNotStartWith("\t");
	}

	@Test
	void stackHasTheCausesWithWhatIsTheirs() throws IOException {
		RuntimeException outer = new RuntimeException("outer", cause());
		this.request.error(outer).end();
		List<String> lines = List.of(this.sent.ended().only(PacketType.TX_ERROR).fields().get("stack").split("\n"));
		int cause = lines.indexOf("Caused by: java.lang.IllegalStateException: password=#");
		assertThat(cause).isPositive();
		assertThat(lines.get(cause - 1)).contains("TransactionErrorsTests.cause(");
		assertThat(lines.subList(0, cause)).doesNotContainAnyElementsOf(lines.subList(cause, lines.size()));
		assertThat(lines.get(lines.size() - 1)).contains("stackHasTheCausesWithWhatIsTheirs");
	}

	private static IllegalStateException cause() {
		return new IllegalStateException("password=hunter2");
	}

	@Test
	void deepStackHasRoomForCauses() throws IOException {
		RuntimeException deep = new RuntimeException("outer", new RuntimeException("middle", cause()));
		deep.setStackTrace(frames("Outer", 200));
		deep.getCause().setStackTrace(frames("Middle", 200));
		this.request.error(deep).end();
		List<String> lines = List.of(this.sent.ended().only(PacketType.TX_ERROR).fields().get("stack").split("\n"));
		assertThat(lines).hasSize(50).contains("Caused by: java.lang.RuntimeException: middle");
		assertThat(lines.get(49)).isEqualTo("a.Outer.m0(B.java:1)");
		assertThat(lines).contains("Caused by: java.lang.IllegalStateException: password=#", "a.Middle.m0(B.java:1)")
			.doesNotContain("a.Middle.m49(B.java:50)");
	}

	private static StackTraceElement[] frames(String type, int count) {
		StackTraceElement[] frames = new StackTraceElement[count];
		for (int i = 0; i < count; i++) {
			frames[i] = new StackTraceElement("a." + type, "m" + i, "B.java", i + 1);
		}
		return frames;
	}

	@Test
	void exceptionThatCannotBeReadIsStillAnError() throws IOException {
		RuntimeException hostile = new RuntimeException() {

			@Override
			public String getMessage() {
				throw new IllegalStateException();
			}

			@Override
			public synchronized Throwable getCause() {
				throw new IllegalStateException();
			}

			@Override
			public StackTraceElement[] getStackTrace() {
				return null;
			}

		};
		this.sent.child(this.request, "inner", null).error(hostile).end();
		this.sent.statement(this.request, "SELECT 1").error(hostile).end();
		this.request.error(hostile).end();
		assertThat(this.sent.ended().all(PacketType.TX_ERROR)).hasSize(2)
			.allMatch((packet) -> packet.fields().get("errorMessage").isEmpty());
	}

	@Test
	void exceptionsThatCauseEachOtherEnd() throws IOException {
		RuntimeException one = new RuntimeException("one");
		RuntimeException two = new RuntimeException("two", one);
		one.initCause(two);
		this.sent.child(this.request, "inner", null).error(two).end();
		this.request.error(one).end();
		assertThat(this.sent.ended().all(PacketType.TX_ERROR)).hasSize(1);
	}

	@Test
	void longTextsAreCut() throws IOException {
		this.request.error(new IllegalStateException("\uac00".repeat(100_000))).end();
		assertThat(this.sent.ended().only(PacketType.TX_ERROR).fields().get("errorMessage")).hasSize(4096 / 3)
			.matches("\uac00+");
	}

}
