package dev.apm4j.sample.shop.order;

import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Forgets old orders, because the database is in memory and the demo traffic never stops
 * buying.
 */
@Component
class OrderRetention {

	private static final int KEPT = 2000;

	private final OrderRepository orders;

	OrderRetention(OrderRepository orders) {
		this.orders = orders;
	}

	@Scheduled(initialDelay = 60, fixedRate = 60, timeUnit = TimeUnit.SECONDS)
	void forgetOldOrders() {
		this.orders.deletePlacedExceptLatest(KEPT);
	}

}
