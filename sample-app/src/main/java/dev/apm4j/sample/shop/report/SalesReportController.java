package dev.apm4j.sample.shop.report;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SalesReportController {

	private final JdbcClient jdbc;

	SalesReportController(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * The sales of last year.
	 */
	@GetMapping("/reports/sales")
	List<QuarterSales> sales() {
		return IntStream.rangeClosed(1, 4).mapToObj(this::sales).toList();
	}

	private QuarterSales sales(int quarter) {
		return this.jdbc.sql("""
				SELECT :quarter AS quarter, COUNT(DISTINCT id) AS orders,
					COALESCE(SUM(net), 0) AS net, COALESCE(SUM(net * rate), 0) AS tax
				FROM (
					SELECT o.id, i.quantity * i.unit_price AS net, sales_tax(c.country) AS rate
					FROM orders o
					JOIN customers c ON c.id = o.customer_id
					JOIN order_items i ON i.order_id = o.id
					WHERE EXTRACT(YEAR FROM o.placed_at) = EXTRACT(YEAR FROM CURRENT_DATE) - 1
						AND EXTRACT(QUARTER FROM o.placed_at) = :quarter)""")
			.param("quarter", quarter)
			.query(QuarterSales.class)
			.single();
	}

	record QuarterSales(int quarter, long orders, BigDecimal net, BigDecimal tax) {

	}

}
