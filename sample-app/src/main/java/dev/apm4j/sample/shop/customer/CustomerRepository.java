package dev.apm4j.sample.shop.customer;

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class CustomerRepository {

	private final JdbcClient jdbc;

	CustomerRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	Optional<Customer> findById(long id) {
		return this.jdbc.sql("SELECT id, name FROM customers WHERE id = :id")
			.param("id", id)
			.query(Customer.class)
			.optional();
	}

	/** What is in the customer's latest orders, the latest first. */
	List<Item> findItems(long customerId) {
		return this.jdbc.sql("""
				SELECT order_id, product_id, quantity FROM order_items WHERE order_id IN (
					SELECT id FROM orders WHERE customer_id = :customerId ORDER BY id DESC LIMIT 20)
				ORDER BY order_id DESC, product_id""").param("customerId", customerId).query(Item.class).list();
	}

	String findProductName(long productId) {
		return this.jdbc.sql("SELECT name FROM products WHERE id = :productId")
			.param("productId", productId)
			.query(String.class)
			.single();
	}

	record Customer(long id, String name) {

	}

	record Item(long orderId, long productId, int quantity) {

	}

}
