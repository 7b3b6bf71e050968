package dev.apm4j.sample.shop.order;

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

@Repository
class OrderRepository {

	private final JdbcClient jdbc;

	OrderRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<Order> findLatest(int limit) {
		return this.jdbc.sql("""
				SELECT o.id, c.name AS customer, o.placed_at, o.status
				FROM orders o JOIN customers c ON c.id = o.customer_id
				ORDER BY o.id DESC LIMIT :limit""").param("limit", limit).query(Order.class).list();
	}

	Optional<Order> findById(long id) {
		return this.jdbc.sql("""
				SELECT o.id, c.name AS customer, o.placed_at, o.status
				FROM orders o JOIN customers c ON c.id = o.customer_id
				WHERE o.id = :id""").param("id", id).query(Order.class).optional();
	}

	List<OrderItem> findItems(long orderId) {
		return this.jdbc.sql("""
				SELECT product_id, quantity, unit_price FROM order_items
				WHERE order_id = :orderId ORDER BY product_id""")
			.param("orderId", orderId)
			.query(OrderItem.class)
			.list();
	}

	boolean customerExists(long customerId) {
		return this.jdbc.sql("SELECT COUNT(*) FROM customers WHERE id = :customerId")
			.param("customerId", customerId)
			.query(Integer.class)
			.single() > 0;
	}

	long insert(long customerId) {
		GeneratedKeyHolder key = new GeneratedKeyHolder();
		this.jdbc.sql("""
				INSERT INTO orders (customer_id, placed_at, status, payment_method)
				VALUES (:customerId, CURRENT_TIMESTAMP, 'PLACED', 'card')""")
			.param("customerId", customerId)
			.update(key, "id");
		return key.getKeyAs(Long.class);
	}

	/**
	 * Add an item at the product's present price.
	 * @return {@code false} if there is no such product
	 */
	boolean insertItem(long orderId, long productId, int quantity) {
		return this.jdbc.sql("""
				INSERT INTO order_items (order_id, product_id, quantity, unit_price)
				SELECT :orderId, id, :quantity, price FROM products WHERE id = :productId""")
			.param("orderId", orderId)
			.param("productId", productId)
			.param("quantity", quantity)
			.update() == 1;
	}

	/**
	 * Delete placed orders with their items. Delivered ones stay.
	 * @param kept how many of the latest placed orders stay
	 * @return how many were deleted
	 */
	int deletePlacedExceptLatest(int kept) {
		return this.jdbc.sql("""
				DELETE FROM orders WHERE status = 'PLACED' AND id NOT IN (
					SELECT id FROM orders WHERE status = 'PLACED' ORDER BY id DESC LIMIT :kept)""")
			.param("kept", kept)
			.update();
	}

}
