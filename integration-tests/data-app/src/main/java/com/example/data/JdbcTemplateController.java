package com.example.data;

import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/jdbc-template")
class JdbcTemplateController {

	private final JdbcTemplate jdbc;

	JdbcTemplateController(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	@GetMapping("/query")
	List<String> query() {
		return this.jdbc.query(
				"SELECT id, name /* zzcomment */ FROM customers WHERE city = ? AND name <> 'zz''literal' ORDER BY id",
				Rows.MAPPER, "zzcity");
	}

	@GetMapping("/statement")
	List<String> statement() {
		return this.jdbc.query("SELECT name FROM customers WHERE city = 'zzcity' AND id < 4810473 ORDER BY id",
				Rows.MAPPER);
	}

	@GetMapping("/update")
	int update() {
		return this.jdbc.update("UPDATE customers SET name = name WHERE city = ?", "zzcity");
	}

	@GetMapping("/batch")
	List<String> batch(@RequestParam String run, @RequestParam int size) {
		List<Object[]> values = IntStream.range(0, size)
			.mapToObj((i) -> new Object[] { "zzbatch-" + run + "-" + i })
			.toList();
		int[] counts = this.jdbc.batchUpdate("INSERT INTO notes (body) VALUES (?)", values);
		// A driver that sends the whole batch at once may not know the single counts.
		return Arrays.stream(counts)
			.mapToObj((count) -> (count == Statement.SUCCESS_NO_INFO) ? "1" : Integer.toString(count))
			.toList();
	}

	@GetMapping("/mixed-batch")
	List<String> mixedBatch() {
		int[] counts = this.jdbc.batchUpdate("UPDATE customers SET name = name WHERE city = 'zzcity'",
				"UPDATE orders SET status = 'zzopen' WHERE id = 4810473");
		return Arrays.stream(counts).mapToObj(Integer::toString).toList();
	}

	@GetMapping("/keys")
	List<String> generatedKeys(@RequestParam String run) {
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		this.jdbc.update((connection) -> {
			PreparedStatement statement = connection.prepareStatement("INSERT INTO notes (body) VALUES (?)",
					new String[] { "id" });
			statement.setString(1, "zzkey-" + run);
			return statement;
		}, keys);
		return List.of(String.valueOf(keys.getKey()));
	}

	@GetMapping("/function")
	List<String> function() {
		Integer quantity = this.jdbc.execute((ConnectionCallback<Integer>) (connection) -> {
			try (CallableStatement call = connection.prepareCall("{? = call order_quantity(?)}")) {
				call.registerOutParameter(1, Types.INTEGER);
				call.setLong(2, 7);
				call.execute();
				return call.getInt(1);
			}
		});
		return List.of(String.valueOf(quantity));
	}

	@GetMapping("/procedure")
	void procedure() {
		this.jdbc.execute((ConnectionCallback<Void>) (connection) -> {
			try (CallableStatement call = connection.prepareCall("CALL restock(?)")) {
				call.setInt(1, 50);
				call.execute();
				return null;
			}
		});
	}

	@GetMapping("/unknown-table")
	List<String> unknownTable() {
		return failure("SELECT name FROM no_such_table WHERE name = 'zzliteral'");
	}

	@GetMapping("/duplicate")
	List<String> duplicate() {
		return failure("INSERT INTO customers (id, name, city) VALUES (1, 'zzliteral', 'zzcity')");
	}

	/** Two statements that work, around one that doesn't. */
	private List<String> failure(String sql) {
		query();
		try {
			this.jdbc.execute(sql);
			return List.of();
		}
		catch (DataAccessException ex) {
			query();
			return Rows.failure(ex);
		}
	}

	@GetMapping("/uncaught")
	void uncaught() {
		this.jdbc.execute("INSERT INTO customers (id, name, city) VALUES (1, 'zzliteral', 'zzcity')");
	}

	@GetMapping("/multi")
	List<String> several() {
		List<String> all = new ArrayList<>(query());
		all.addAll(statement());
		return all;
	}

}
