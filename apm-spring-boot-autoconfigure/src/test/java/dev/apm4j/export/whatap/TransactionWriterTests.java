package dev.apm4j.export.whatap;

import java.io.IOException;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TransactionWriterTests {

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

}
