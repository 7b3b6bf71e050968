package dev.apm4j.sample.shop.shipping;

import java.math.BigDecimal;

import dev.apm4j.sample.shop.web.NotFoundException;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ShippingController {

	private static final BigDecimal PRICE_PER_PIECE = new BigDecimal("0.45");

	private final JdbcClient jdbc;

	ShippingController(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@GetMapping("/shipping/quotes/{orderId}")
	ShippingQuote quote(@PathVariable long orderId) {
		return this.jdbc.sql("""
				SELECT c.country, SUM(i.quantity) AS pieces
				FROM orders o
				JOIN customers c ON c.id = o.customer_id
				JOIN order_items i ON i.order_id = o.id
				WHERE o.id = :orderId
				GROUP BY c.country""")
			.param("orderId", orderId)
			.query(Parcel.class)
			.optional()
			.map((parcel) -> quote(orderId, parcel))
			.orElseThrow(() -> new NotFoundException("order", orderId));
	}

	private ShippingQuote quote(long orderId, Parcel parcel) {
		boolean domestic = parcel.country().equals("DE");
		BigDecimal base = new BigDecimal(domestic ? "3.90" : "9.90");
		BigDecimal price = base.add(PRICE_PER_PIECE.multiply(BigDecimal.valueOf(parcel.pieces())));
		return new ShippingQuote(orderId, domestic ? "Land Post" : "World Parcel", price, domestic ? 2 : 6);
	}

	private record Parcel(String country, int pieces) {

	}

}
