package dev.apm4j.sample.shop.order;

import java.math.BigDecimal;

record OrderItem(long productId, int quantity, BigDecimal unitPrice) {

	BigDecimal amount() {
		return this.unitPrice.multiply(BigDecimal.valueOf(this.quantity));
	}

}
