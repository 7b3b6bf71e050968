package dev.apm4j.sample.shop.order;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how old orders are forgotten.
 */
@SpringBootTest(properties = "demo.traffic=false")
class OrderRetentionTests {

	@Autowired
	private OrderRepository orders;

	@Test
	void latestPlacedOrdersAndAllDeliveredOnesStay() {
		long first = place();
		long second = place();
		long third = place();
		assertThat(this.orders.deletePlacedExceptLatest(2)).isEqualTo(1);
		assertThat(this.orders.findById(first)).isEmpty();
		assertThat(this.orders.findItems(first)).isEmpty();
		assertThat(this.orders.findById(second)).isPresent();
		assertThat(this.orders.findItems(third)).hasSize(1);
		assertThat(this.orders.findById(1)).isPresent();
	}

	private long place() {
		long id = this.orders.insert(1);
		this.orders.insertItem(id, 1, 1);
		return id;
	}

}
