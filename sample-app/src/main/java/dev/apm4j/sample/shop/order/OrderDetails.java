package dev.apm4j.sample.shop.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

record OrderDetails(long id, String customer, Instant placedAt, String status, List<Line> lines, BigDecimal total,
		Shipping shipping) {

	record Line(long productId, String product, int quantity, BigDecimal unitPrice, int inStock) {

	}

	record Shipping(String carrier, BigDecimal price, int days) {

	}

}
