package com.example.data;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/data-sources")
class DataSourceController {

	private final HikariDataSource main;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	DataSourceController(HikariDataSource main, @Qualifier("lazy") LazyConnectionDataSourceProxy lazy) {
		this.main = main;
		this.jdbc = new JdbcTemplate(lazy);
		this.transaction = new TransactionTemplate(new DataSourceTransactionManager(lazy));
	}

	@GetMapping("/main")
	List<String> main() {
		return in("main", "SELECT name FROM customers WHERE city = 'zzcity' ORDER BY id");
	}

	@GetMapping("/archive")
	List<String> archive() {
		return in("archive", "SELECT table_name FROM information_schema.tables WHERE table_name = 'zznothing'");
	}

	/** The connection that the transaction doesn't need is never opened. */
	@GetMapping("/nothing")
	List<String> nothing() {
		this.transaction.executeWithoutResult((status) -> {
		});
		return List.of();
	}

	private List<String> in(String wanted, String sql) {
		DataSourcesConfiguration.WANTED.set(wanted);
		try {
			return this.transaction.execute((status) -> this.jdbc.query(sql, Rows.MAPPER));
		}
		finally {
			DataSourcesConfiguration.WANTED.remove();
		}
	}

	/** What must be true of a data source and what comes from it. */
	@GetMapping("/facts")
	Map<String, Boolean> facts() throws SQLException {
		Map<String, Boolean> facts = new LinkedHashMap<>();
		facts.put("the pool has its configuration", this.main.getMaximumPoolSize() == 4);
		facts.put("the pool has its bean", this.main.getHikariPoolMXBean() != null);
		facts.put("the data source is a wrapper", this.main.isWrapperFor(HikariDataSource.class));
		facts.put("the data source unwraps", this.main.unwrap(HikariDataSource.class).getPoolName().equals("main"));
		try (Connection connection = this.main.getConnection(); Statement statement = connection.createStatement()) {
			Class<?> type = typeOfDriver(connection.getMetaData().getDatabaseProductName());
			facts.put("the connection is a wrapper of the driver's", connection.isWrapperFor(type));
			facts.put("the connection unwraps to the driver's", type.isInstance(connection.unwrap(type)));
			facts.put("the statement knows the connection", statement.getConnection() == connection);
			facts.put("the statement is a wrapper", statement.isWrapperFor(Statement.class));
			try (ResultSet result = statement.executeQuery("SELECT 1")) {
				facts.put("the result knows the statement", result.getStatement() == statement);
				facts.put("the result is a wrapper", result.isWrapperFor(ResultSet.class));
			}
			facts.put("the connection is in use", this.main.getHikariPoolMXBean().getActiveConnections() > 0);
		}
		return facts;
	}

	private static Class<?> typeOfDriver(String product) {
		String name = switch (product) {
			case "H2" -> "org.h2.jdbc.JdbcConnection";
			case "PostgreSQL" -> "org.postgresql.PGConnection";
			default -> "org.mariadb.jdbc.Connection";
		};
		try {
			return Class.forName(name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
