package dev.apm4j.sample.shop.shipping;

import java.math.BigDecimal;

record ShippingQuote(long orderId, String carrier, BigDecimal price, int days) {

}
