package dev.apm4j.sample.shop.stock;

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The shelf. Orders take from it in their own transaction.
 */
@Repository
public class StockRepository {

	private final JdbcClient jdbc;

	StockRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Take some pieces of a product off the shelf.
	 * @param productId the product
	 * @param quantity how many, at least 1
	 * @return {@code false} if there aren't so many, in which case nothing is taken
	 */
	public boolean take(long productId, int quantity) {
		return this.jdbc.sql("""
				UPDATE stock SET quantity = quantity - :quantity
				WHERE product_id = :productId AND quantity >= :quantity""")
			.param("productId", productId)
			.param("quantity", quantity)
			.update() == 1;
	}

	Optional<StockLevel> findByProduct(long productId) {
		return this.jdbc.sql("SELECT product_id, quantity FROM stock WHERE product_id = :productId")
			.param("productId", productId)
			.query(StockLevel.class)
			.optional();
	}

	List<StockLevel> findLow() {
		return this.jdbc
			.sql("SELECT product_id, quantity FROM stock WHERE quantity < reorder_level ORDER BY product_id")
			.query(StockLevel.class)
			.list();
	}

	void add(long productId, int quantity) {
		this.jdbc.sql("UPDATE stock SET quantity = quantity + :quantity WHERE product_id = :productId")
			.param("productId", productId)
			.param("quantity", quantity)
			.update();
	}

}
