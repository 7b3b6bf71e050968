package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.GeneratedKeyHolder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application sees the same with and without tracing.
 */
class SameResultsTests {

	@Test
	void ofJdbc() throws Exception {
		assertThat(seen(SameResultsTests::jdbc)).hasSizeGreaterThan(40);
	}

	@Test
	void ofSpring() throws Exception {
		assertThat(seen(SameResultsTests::spring)).hasSizeGreaterThan(8);
	}

	/** Does the work on a plain connection and on a traced one, which must not differ. */
	private static List<Object> seen(Scenario scenario) throws Exception {
		List<Object> expected = new ArrayList<>();
		try (TracedH2 database = new TracedH2(); Connection connection = database.plain()) {
			scenario.run(connection, expected);
		}
		List<Object> traced = new ArrayList<>();
		List<Object> untraced = new ArrayList<>();
		JdbcSettings settings = new JdbcSettings(true, 3, List.of());
		try (TracedH2 database = new TracedH2(settings); Connection connection = database.open()) {
			scenario.run(connection, untraced);
		}
		try (TracedH2 database = new TracedH2(settings)) {
			assertThat(database.on((connection) -> scenario.run(connection, traced))).isNotEmpty();
		}
		assertThat(untraced).isEqualTo(expected);
		assertThat(traced).isEqualTo(expected);
		return expected;
	}

	private static void jdbc(Connection connection, List<Object> seen) throws Exception {
		queries(connection, seen);
		updates(connection, seen);
		transactions(connection, seen);
		failures(connection, seen);
		DatabaseMetaData metaData = connection.getMetaData();
		seen.add(metaData.getDatabaseProductName());
		try (ResultSet tables = metaData.getTables(null, "PUBLIC", "%", null)) {
			seen.addAll(rows(tables, 3));
		}
		seen.add(connection.isValid(1));
		seen.add(connection.nativeSQL("select {fn now()}"));
		connection.close();
		seen.add(connection.isClosed());
		seen.add(failure(connection::createStatement));
		connection.close();
	}

	private static void queries(Connection connection, List<Object> seen) throws SQLException {
		try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE,
				ResultSet.CONCUR_READ_ONLY)) {
			statement.setFetchSize(2);
			statement.setMaxRows(2);
			seen.add(statement.getFetchSize());
			ResultSet rows = statement.executeQuery("select * from orders order by id");
			seen.add(rows.last());
			seen.add(rows.getString("name"));
			seen.add(rows.getRow());
			seen.add(rows.first());
			seen.add(rows.next());
			seen.add(rows.next());
			seen.add(rows.isAfterLast());
			seen.add(failure(() -> rows.getRowId(1)));
			seen.add(statement.getWarnings());
			seen.add(statement.execute("select 1"));
			seen.add(rows.isClosed());
			seen.add(rows(statement.getResultSet(), 1));
			seen.add(statement.getMoreResults());
			seen.add(statement.getUpdateCount());
			statement.closeOnCompletion();
			ResultSet last = statement.executeQuery("select 2");
			last.close();
			seen.add(statement.isClosed());
		}
		try (PreparedStatement statement = connection.prepareStatement("select name from orders where id in (?, ?)")) {
			seen.add(statement.getParameterMetaData().getParameterCount());
			seen.add(statement.getMetaData().getColumnName(1));
			seen.add(failure(statement::executeQuery));
			statement.setInt(1, 1);
			statement.setObject(2, 3L);
			for (int i = 0; i < 6; i++) {
				seen.add(rows(statement.executeQuery(), 1));
			}
			seen.add(failure(() -> statement.executeQuery("select 1")));
			seen.add(failure(() -> statement.setInt(7, 1)));
		}
	}

	private static void updates(Connection connection, List<Object> seen) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("insert into items (price) values (?)",
				Statement.RETURN_GENERATED_KEYS)) {
			statement.setInt(1, 5);
			seen.add(statement.executeUpdate());
			seen.add(rows(statement.getGeneratedKeys(), 1));
			statement.setInt(1, 6);
			statement.addBatch();
			statement.setInt(1, 7);
			statement.addBatch();
			seen.add(Arrays.toString(statement.executeBatch()));
			seen.add(rows(statement.getGeneratedKeys(), 1));
			seen.add(Arrays.toString(statement.executeBatch()));
		}
		try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE,
				ResultSet.CONCUR_UPDATABLE)) {
			seen.add(statement.executeUpdate("update items set price = price + 1"));
			seen.add(statement.executeLargeUpdate("delete from items where price = 6"));
			statement.addBatch("update items set price = 1");
			statement.addBatch("insert into orders (id) values (1)");
			statement.addBatch("update items set price = 2");
			seen.add(failure(statement::executeBatch));
			ResultSet rows = statement.executeQuery("select * from items");
			rows.next();
			rows.updateInt(2, 77);
			rows.updateRow();
			rows.moveToInsertRow();
			rows.updateInt(2, 78);
			rows.insertRow();
			rows.close();
			seen.add(rows(statement.executeQuery("select price from items order by id"), 1));
		}
	}

	private static void transactions(Connection connection, List<Object> seen) throws SQLException {
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.executeUpdate("delete from items");
			Savepoint savepoint = connection.setSavepoint("here");
			statement.executeUpdate("insert into items (price) values (1)");
			connection.rollback(savepoint);
			seen.add(rows(statement.executeQuery("select count(*) from items"), 1));
			connection.rollback();
			seen.add(rows(statement.executeQuery("select count(*) from items"), 1));
			statement.executeUpdate("delete from items");
			connection.commit();
			seen.add(rows(statement.executeQuery("select count(*) from items"), 1));
		}
		connection.setAutoCommit(true);
		seen.add(failure(() -> connection.rollback(null)));
	}

	private static void failures(Connection connection, List<Object> seen) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			seen.add(failure(() -> statement.execute("this is no SQL")));
			seen.add(failure(() -> statement.executeQuery(null)));
			seen.add(failure(() -> statement.executeQuery("delete from items")));
			seen.add(failure(() -> statement.executeUpdate("select 1")));
			seen.add(failure(() -> statement.executeUpdate("insert into orders values (1, 'x', 'y')")));
			seen.add(failure(() -> statement.addBatch(null)));
			seen.add(failure(() -> statement.unwrap(Integer.class)));
		}
		seen.add(failure(() -> connection.prepareStatement("select * from nowhere")));
		seen.add(failure(() -> connection.prepareStatement(null)));
		seen.add(failure(() -> connection.prepareCall("{call nothing()}")));
	}

	private static void spring(Connection connection, List<Object> seen) {
		SingleConnectionDataSource source = new SingleConnectionDataSource(connection, true);
		JdbcTemplate template = new JdbcTemplate(source);
		seen.add(template.queryForList("select * from orders order by id"));
		seen.add(template.queryForObject("select name from orders where id = ?", String.class, 2));
		seen.add(template.update("update orders set name = ? where id > ?", "x", 1));
		seen.add(Arrays.toString(template.batchUpdate("insert into items (price) values (1)", "delete from items")));
		seen.add(Arrays.deepToString(template.batchUpdate("insert into items (price) values (?)",
				List.of(1, 2, 3, 4, 5), 2, (statement, price) -> statement.setInt(1, price))));
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		template.update((each) -> each.prepareStatement("insert into items (price) values (9)", new String[] { "ID" }),
				keys);
		seen.add(keys.getKey());
		seen.add(failure(() -> template.update("insert into orders values (1, 'x', 'y')")));
		JdbcClient client = JdbcClient.create(source);
		seen.add(client.sql("select id from orders where name = :name order by id")
			.param("name", "x")
			.query(Integer.class)
			.list());
		seen.add(client.sql("select x from system_range(1, 1000)").query(Long.class).stream().count());
	}

	private static List<Object> rows(ResultSet result, int columns) throws SQLException {
		List<Object> rows = new ArrayList<>();
		while (result.next()) {
			List<Object> row = new ArrayList<>();
			for (int i = 1; i <= columns; i++) {
				Object value = result.getObject(i);
				row.add((value instanceof String text && text.startsWith("SHOP")) ? "SHOP" : value);
			}
			rows.add(row);
		}
		return rows;
	}

	/** Kind, state and text of what is thrown. */
	private static Object failure(Failing failing) {
		try {
			failing.run();
			return "no failure";
		}
		catch (Exception ex) {
			String state = (ex instanceof SQLException failure)
					? failure.getSQLState() + failure.getErrorCode() + failure.getNextException() : "";
			return ex.getClass().getName() + state + ex.getMessage();
		}
	}

	@FunctionalInterface
	private interface Scenario {

		void run(Connection connection, List<Object> seen) throws Exception;

	}

	@FunctionalInterface
	private interface Failing {

		void run() throws Exception;

	}

}
