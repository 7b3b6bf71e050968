package dev.apm4j.sample.shop.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class ProductRepository {

	private final JdbcClient jdbc;

	private final JdbcTemplate batch;

	ProductRepository(JdbcClient jdbc, JdbcTemplate batch) {
		this.jdbc = jdbc;
		this.batch = batch;
	}

	List<Product> findAll() {
		return this.jdbc.sql("SELECT id, sku, name, category, price FROM products ORDER BY id")
			.query(Product.class)
			.list();
	}

	/**
	 * Read all products row by row.
	 * @return the products, to be closed by the caller
	 */
	Stream<Product> streamAll() {
		return this.jdbc.sql("SELECT id, sku, name, category, price FROM products ORDER BY sku")
			.query(Product.class)
			.stream();
	}

	Optional<Product> findById(long id) {
		return this.jdbc.sql("SELECT id, sku, name, category, price FROM products WHERE id = :id")
			.param("id", id)
			.query(Product.class)
			.optional();
	}

	List<Product> search(String text) {
		return this.jdbc.sql("""
				SELECT id, sku, name, category, price FROM products
				WHERE LOCATE(:text, LOWER(name)) > 0 OR LOCATE(:text, LOWER(category)) > 0
				ORDER BY name LIMIT 20""").param("text", text.toLowerCase(Locale.ROOT)).query(Product.class).list();
	}

	/**
	 * Add new products and update those whose article number is known.
	 * @param rows article number, name, category and price of each product
	 */
	@Transactional
	void merge(List<Object[]> rows) {
		this.batch.batchUpdate("MERGE INTO products (sku, name, category, price) KEY (sku) VALUES (?, ?, ?, ?)", rows);
		this.batch.update("""
				INSERT INTO stock (product_id, quantity, reorder_level)
				SELECT id, 60, 20 FROM products WHERE id NOT IN (SELECT product_id FROM stock)""");
	}

}
