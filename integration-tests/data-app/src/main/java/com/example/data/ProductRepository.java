package com.example.data;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

@Repository
class ProductRepository {

	private final JdbcTemplate jdbc;

	ProductRepository(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	String name(long id) {
		return this.jdbc.queryForObject("SELECT name FROM products WHERE id = ?", String.class, id);
	}

	String nameByLiteral(long id) {
		return this.jdbc.queryForObject("SELECT name FROM products WHERE name = 'zzproduct' AND id = " + id,
				String.class);
	}

}
