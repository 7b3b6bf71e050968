package com.example.data;

import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A result that doesn't come at once. Some drivers only do so in a transaction.
 */
@RestController
@RequestMapping("/stream")
class StreamingController {

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	StreamingController(DataSource dataSource, PlatformTransactionManager transactions) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.jdbc.setFetchSize(500);
		this.transaction = new TransactionTemplate(transactions);
	}

	@GetMapping("/all")
	List<String> all() {
		long[] sum = new long[2];
		this.transaction.executeWithoutResult(
				(status) -> this.jdbc.query("SELECT id, amount FROM readings WHERE amount <> ?", (result) -> {
					sum[0]++;
					sum[1] += result.getInt("amount");
				}, 4810473));
		return List.of(Rows.text(sum[0], sum[1]));
	}

	@GetMapping("/some")
	List<String> some() {
		return this.transaction.execute((status) -> {
			try (Stream<String> rows = this.jdbc.queryForStream("SELECT id, amount FROM readings ORDER BY id",
					Rows.MAPPER)) {
				return rows.limit(10).toList();
			}
		});
	}

}
