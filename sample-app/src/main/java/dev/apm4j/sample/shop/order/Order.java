package dev.apm4j.sample.shop.order;

import java.time.Instant;

record Order(long id, String customer, Instant placedAt, String status) {

}
