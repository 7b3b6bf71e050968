package com.example.load;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

@RestController
class OrderController {

	private final JdbcTemplate jdbc;

	private final RestClient stock;

	OrderController(JdbcTemplate jdbc, RestClient.Builder http, @Value("${stock.url}") String stockUrl) {
		this.jdbc = jdbc;
		this.stock = http.baseUrl(stockUrl).build();
	}

	@GetMapping("/ping")
	String ping() {
		return "pong";
	}

	@GetMapping("/order/{id}")
	Order order(@PathVariable int id) {
		String customer = this.jdbc.queryForObject("SELECT customer FROM orders WHERE id = ?", String.class, id);
		String inStock = this.stock.get().uri("/stock/{id}", id).retrieve().body(String.class);
		return new Order(id, customer, inStock);
	}

	record Order(int id, String customer, String inStock) {
	}

}
