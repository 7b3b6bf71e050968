package dev.apm4j.sample.shop.payment;

import java.math.BigDecimal;

record Payment(long orderId, String method, BigDecimal amount) {

}
