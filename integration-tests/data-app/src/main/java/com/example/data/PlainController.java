package com.example.data;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The driver alone, without any data source and so without any tracing.
 */
@RestController
class PlainController {

	private final String url;

	private final String user;

	private final String password;

	private final Tracer tracer;

	PlainController(@Value("${spring.datasource.url}") String url, @Value("${spring.datasource.username}") String user,
			@Value("${spring.datasource.password}") String password, Tracer tracer) {
		this.url = url;
		this.user = user;
		this.password = password;
		this.tracer = tracer;
	}

	@GetMapping("/plain")
	List<String> execute(@RequestParam String sql) {
		try (Connection connection = DriverManager.getConnection(this.url, this.user, this.password);
				Statement statement = connection.createStatement()) {
			if (!statement.execute(sql)) {
				return List.of(Integer.toString(statement.getUpdateCount()));
			}
			List<String> rows = new ArrayList<>();
			ResultSet result = statement.getResultSet();
			while (result.next()) {
				rows.add(Rows.text(result));
			}
			return rows;
		}
		catch (SQLException ex) {
			return Rows.failure(ex);
		}
	}

	@GetMapping("/trace-id")
	String traceId() {
		Span span = this.tracer.currentSpan();
		return (span != null) ? span.context().traceId() : "";
	}

}
