package com.example.data;

import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/jdbc-client")
class JdbcClientController {

	private final JdbcClient jdbc;

	JdbcClientController(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@GetMapping("/query")
	List<String> query() {
		return this.jdbc.sql("""
				SELECT c.name, COUNT(o.id) AS placed
				FROM customers c JOIN orders o ON o.customer_id = c.id
				WHERE c.id IN (:ids) AND o.status = :status
				GROUP BY c.name ORDER BY c.name""")
			.param("ids", List.of(1, 2, 4810473))
			.param("status", "zzopen")
			.query(Rows.MAPPER)
			.list();
	}

	@GetMapping("/insert")
	String insert(@RequestParam String run) {
		GeneratedKeyHolder key = new GeneratedKeyHolder();
		this.jdbc.sql("INSERT INTO notes (body) VALUES (:body)").param("body", "zzclient-" + run).update(key, "id");
		return String.valueOf(key.getKey());
	}

}
