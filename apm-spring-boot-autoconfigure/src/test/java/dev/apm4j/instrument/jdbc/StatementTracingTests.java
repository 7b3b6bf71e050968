package dev.apm4j.instrument.jdbc;

import java.lang.reflect.Proxy;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.apm4j.trace.CallStatistics;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What is seen of statements.
 */
class StatementTracingTests {

	private TracedH2 database;

	@BeforeEach
	void create() throws SQLException {
		this.database = new TracedH2();
	}

	@AfterEach
	void close() throws SQLException {
		this.database.close();
	}

	@Test
	void aStatementIsAnExitSpanWithItsSanitisedText() throws Exception {
		SpanData span = only(this.database.on((connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.executeQuery("select name from orders where id = 17");
			}
		}));
		assertThat(span.name()).isEqualTo("SELECT orders");
		assertThat(span.kind()).isEqualTo(Span.Kind.CLIENT);
		assertThat(span.attributes())
			.isEqualTo(Map.of(DatabaseAttributes.SYSTEM, "h2database", DatabaseAttributes.NAMESPACE, this.database.name,
					DatabaseAttributes.OPERATION, "SELECT", DatabaseAttributes.COLLECTION, "orders",
					DatabaseAttributes.QUERY_TEXT, "select name from orders where id = ?"));
	}

	@Test
	void aPreparedStatementIsASpanWheneverItIsExecuted() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("select name from orders where id = ?")) {
				for (int id = 1; id < 4; id++) {
					statement.setInt(1, id);
					statement.executeQuery().close();
				}
			}
		});
		assertThat(spans).extracting(SpanData::name).containsExactly("SELECT orders", "SELECT orders", "SELECT orders");
		assertThat(spans).allSatisfy((span) -> assertThat(span.isEnded()).isTrue());
	}

	@Test
	void eachWayToExecuteATextIsTraced() throws Exception {
		String insert = "insert into items (price) values (1)";
		List<SpanData> spans = this.database.on((connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute(insert);
				statement.execute(insert + " ", Statement.RETURN_GENERATED_KEYS);
				statement.execute(insert + "  ", new int[] { 1 });
				statement.execute(insert, new String[] { "ID" });
			}
			try (Statement statement = connection.createStatement()) {
				statement.executeUpdate("update orders set name = 'x'");
				statement.executeUpdate("update orders set name = 'y'", Statement.NO_GENERATED_KEYS);
				statement.executeUpdate("update orders set name = 'z'", new int[] { 1 });
				statement.executeUpdate("update orders set name = 'z'", new String[] { "ID" });
			}
			try (Statement statement = connection.createStatement()) {
				statement.executeLargeUpdate("delete from items where id = 1");
				statement.executeLargeUpdate("delete from items where id = 2", Statement.NO_GENERATED_KEYS);
				statement.executeLargeUpdate("delete from items where id = 3", new int[] { 1 });
				statement.executeLargeUpdate("delete from items where id = 5", new String[] { "ID" });
			}
			try (PreparedStatement statement = connection.prepareStatement("delete from orders where id = 1")) {
				statement.execute();
				statement.executeUpdate();
				statement.executeLargeUpdate();
			}
		});
		assertThat(spans).extracting(SpanData::name)
			.containsExactly("INSERT items", "INSERT items", "INSERT items", "INSERT items", "UPDATE orders",
					"UPDATE orders", "UPDATE orders", "UPDATE orders", "DELETE items", "DELETE items", "DELETE items",
					"DELETE items", "DELETE orders", "DELETE orders", "DELETE orders");
		assertThat(spans.subList(4, 12)).extracting((span) -> span.attribute(DatabaseAttributes.AFFECTED_ROWS))
			.containsExactly(3L, 3L, 3L, 3L, 1L, 1L, 1L, 0L);
	}

	@Test
	void anUpdateCountThatIsAskedForLaterIsThatOfTheExecution() throws Exception {
		SpanData span = only(this.database.on((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("update orders set name = ?")) {
				statement.setString(1, "x");
				assertThat(statement.execute()).isFalse();
				assertThat(statement.getUpdateCount()).isEqualTo(3);
				assertThat(statement.getLargeUpdateCount()).isEqualTo(3);
				assertThat(statement.getMoreResults()).isFalse();
				assertThat(statement.getUpdateCount()).isEqualTo(-1);
			}
		}));
		assertThat(span.attribute(DatabaseAttributes.AFFECTED_ROWS)).isEqualTo(3L);
	}

	@Test
	void rowsAreCountedAsTheyAreRead() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (Statement statement = connection.createStatement()) {
				ResultSet all = statement.executeQuery("select * from orders");
				while (all.next()) {
					all.getInt(1);
				}
				all.close();
				ResultSet some = statement.executeQuery("select id from orders");
				some.next();
				some.next();
				some.close();
				assertThat(statement.executeQuery("select * from items").next()).isFalse();
				statement.executeQuery("select name from orders").next();
			}
		});
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.RETURNED_ROWS))
			.containsExactly(3L, 2L, 0L, 1L);
	}

	@Test
	void rowsOfAResultThatNobodyClosesAreThoseOfItsStatement() throws Exception {
		List<SpanData> spans = this.database.request(() -> {
			Connection connection = this.database.open();
			Statement statement = connection.createStatement();
			statement.executeQuery("select id from orders").next();
			statement.execute("select name from orders");
			ResultSet second = statement.getResultSet();
			second.next();
			second.next();
			connection.close();
		});
		assertThat(spans).filteredOn((span) -> span.name().equals("SELECT orders"))
			.extracting((span) -> span.attribute(DatabaseAttributes.RETURNED_ROWS))
			.containsExactly(1L, 2L);
	}

	@Test
	void aResultThatIsClosedLateDoesNotSpoilTheNext() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("select * from orders")) {
				ResultSet first = statement.executeQuery();
				first.next();
				ResultSet second = statement.executeQuery();
				second.next();
				first.close();
				second.next();
				second.next();
				second.close();
			}
		});
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.RETURNED_ROWS))
			.containsExactly(1L, 3L);
	}

	@Test
	void keysOfWhatWasInsertedAreNoRowsOfTheStatement() throws Exception {
		SpanData span = only(this.database.on((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("insert into items (price) values (?)",
					Statement.RETURN_GENERATED_KEYS)) {
				statement.setInt(1, 5);
				statement.executeUpdate();
				ResultSet keys = statement.getGeneratedKeys();
				assertThat(keys.next()).isTrue();
				assertThat(keys.getInt(1)).isEqualTo(1);
				assertThat(keys.getStatement()).isSameAs(statement);
				keys.close();
			}
		}));
		assertThat(span.attribute(DatabaseAttributes.AFFECTED_ROWS)).isEqualTo(1L);
		assertThat(span.attribute(DatabaseAttributes.RETURNED_ROWS)).isNull();
	}

	@Test
	void whatFailsHasTheErrorAndItsState() throws Exception {
		Throwable[] seen = new Throwable[1];
		SpanData span = only(this.database.on((connection) -> {
			try (Statement statement = connection.createStatement()) {
				seen[0] = catchThrowable(() -> statement.executeUpdate("insert into orders values (1, 'x', 'secret')"));
			}
		}));
		assertThat(seen[0]).isInstanceOf(SQLException.class);
		assertThat(span.error()).isSameAs(seen[0]);
		assertThat(span.attribute(DatabaseAttributes.STATUS_CODE)).isEqualTo("23505");
		assertThat(span.attribute("error.type")).isEqualTo("23505");
		assertThat(span.name()).isEqualTo("INSERT orders");
	}

	@Test
	void aStatementThatCannotBePreparedIsASpanThatFailed() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			assertThat(catchThrowable(() -> connection.prepareStatement("select * from nowhere where id = 1")))
				.isInstanceOf(SQLException.class);
			assertThat(catchThrowable(() -> connection.prepareCall("{call nothing(?)}")))
				.isInstanceOf(SQLException.class);
			connection.prepareStatement("select * from orders").close();
		});
		assertThat(spans).extracting(SpanData::name).containsExactly("SELECT nowhere", "CALL nothing");
		assertThat(spans).allSatisfy((span) -> assertThat(span.isFailed()).isTrue());
		assertThat(spans.get(0).attribute(DatabaseAttributes.STATUS_CODE)).isEqualTo("42S02");
		assertThat(spans.get(0).durationNanos()).isPositive();
	}

	@Test
	void aBatchIsOneSpanWithItsSize() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("insert into items (price) values (?)")) {
				for (int size = 1; size < 4; size++) {
					for (int i = 0; i < size; i++) {
						statement.setInt(1, i);
						statement.addBatch();
					}
					assertThat(statement.executeBatch()).hasSize(size);
				}
				statement.setInt(1, 0);
				statement.addBatch();
				statement.addBatch();
				assertThat(statement.executeLargeBatch()).hasSize(2);
			}
		});
		assertThat(spans).extracting(SpanData::name)
			.containsExactly("INSERT items", "BATCH INSERT items", "BATCH INSERT items", "BATCH INSERT items");
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.OPERATION))
			.containsExactly("INSERT", "BATCH INSERT", "BATCH INSERT", "BATCH INSERT");
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.COLLECTION)).containsOnly("items");
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.BATCH_SIZE))
			.containsExactly(null, 2L, 3L, 2L);
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.AFFECTED_ROWS))
			.containsExactly(1L, 2L, 3L, 2L);
	}

	@Test
	void aBatchOfDifferentTextsShowsEachOnce() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.addBatch("insert into items (price) values (1)");
				statement.addBatch("insert into items (price) values (2)");
				statement.executeBatch();
				statement.addBatch("insert into items (price) values (3)");
				statement.clearBatch();
				statement.addBatch("insert into items (price) values (3)");
				statement.addBatch("update items set price = 4");
				statement.addBatch("insert into items (price) values (5)");
				statement.executeBatch();
				statement.addBatch("insert into items (price) values (3)");
				statement.addBatch("insert into orders (id) values (30)");
				statement.executeBatch();
				statement.executeBatch();
			}
		});
		assertThat(spans).extracting(SpanData::name)
			.containsExactly("BATCH INSERT items", "BATCH items", "BATCH INSERT", "BATCH");
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.QUERY_TEXT))
			.containsExactly("insert into items (price) values (?)",
					"insert into items (price) values (?); update items set price = ?",
					"insert into items (price) values (?); insert into orders (id) values (?)", null);
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.BATCH_SIZE))
			.containsExactly(2L, 3L, 2L, null);
	}

	@Test
	void aBatchOfManyTextsIsBounded() throws Exception {
		SpanData span = only(this.database.on((connection) -> {
			try (Statement statement = connection.createStatement()) {
				for (int i = 0; i < 5000; i++) {
					statement.addBatch("set @v" + i + " = " + i);
				}
				statement.executeBatch();
			}
		}));
		assertThat(span.attribute(DatabaseAttributes.BATCH_SIZE)).isEqualTo(5000L);
		assertThat((String) span.attribute(DatabaseAttributes.QUERY_TEXT)).hasSizeLessThanOrEqualTo(4096);
	}

	@Test
	void aBatchThatFailsKeepsItsSize() throws Exception {
		SpanData span = only(this.database.on((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("insert into orders (id) values (?)")) {
				for (int id : new int[] { 10, 1, 11 }) {
					statement.setInt(1, id);
					statement.addBatch();
				}
				assertThat(catchThrowable(statement::executeBatch)).isInstanceOf(BatchUpdateException.class);
			}
		}));
		assertThat(span.isFailed()).isTrue();
		assertThat(span.attribute(DatabaseAttributes.BATCH_SIZE)).isEqualTo(3L);
		assertThat(span.attribute(DatabaseAttributes.STATUS_CODE)).isEqualTo("23505");
	}

	@Test
	void aStoredProcedureIsACall() throws Exception {
		SpanData span = only(this.database.on((connection) -> {
			try (Statement statement = this.database.plain().createStatement()) {
				statement.execute("create alias twice for 'java.lang.Math.abs(int)'");
			}
			try (CallableStatement call = connection.prepareCall("{? = call twice(?)}")) {
				call.registerOutParameter(1, Types.INTEGER);
				call.setInt(2, -3);
				call.execute();
				assertThat(call.getInt(1)).isEqualTo(3);
			}
		}));
		assertThat(span.name()).isEqualTo("CALL twice");
		assertThat(span.attribute(DatabaseAttributes.PROCEDURE)).isEqualTo("twice");
		assertThat(span.attribute(DatabaseAttributes.COLLECTION)).isNull();
	}

	@Test
	void aStatementThatIsRepeatedIsOneSpan() throws Exception {
		SpanData span = only(this.database.on((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("select name from orders where id = ?")) {
				for (int i = 0; i < 1000; i++) {
					statement.setInt(1, i % 4);
					ResultSet rows = statement.executeQuery();
					while (rows.next()) {
						rows.getString(1);
					}
				}
			}
		}));
		assertThat(span.attribute(DatabaseAttributes.REPEATED)).isEqualTo(1000L);
		assertThat(span.attribute(DatabaseAttributes.RETURNED_ROWS)).isEqualTo(750L);
	}

	@Test
	void textsThatDifferInValuesAreRepetitions() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			for (int i = 0; i < 10; i++) {
				try (Statement statement = connection.createStatement()) {
					statement.executeQuery("select name from orders where id = " + i);
				}
			}
		});
		assertThat(only(spans).attribute(DatabaseAttributes.REPEATED)).isEqualTo(10L);
	}

	@Test
	void aStreamOfRowsIsCountedAndNotHeld() throws Exception {
		SpanData span = only(this.database.on((connection) -> {
			try (Statement statement = connection.createStatement()) {
				ResultSet rows = statement.executeQuery("select x from system_range(1, 100000)");
				long sum = 0;
				while (rows.next()) {
					sum += rows.getLong(1);
				}
				assertThat(sum).isEqualTo(5_000_050_000L);
			}
		}));
		assertThat(span.attribute(DatabaseAttributes.RETURNED_ROWS)).isEqualTo(100_000L);
	}

	@Test
	void anUnsampledRequestCountsItsStatements() throws Exception {
		this.database.tracer.setSamplingPolicy(new SamplingPolicy(0, 0, null, false));
		this.database.on((connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.executeQuery("select * from orders").next();
			}
		});
		List<CallStatistics> calls = this.database.lastSegment().calls();
		assertThat(calls).singleElement().satisfies((statistics) -> {
			assertThat(statistics.succeeded()).isEqualTo(1);
			assertThat(statistics.rows()).isEqualTo(1);
		});
	}

	private static SpanData only(List<SpanData> spans) {
		assertThat(spans).hasSize(1);
		return spans.get(0);
	}

	@Test
	void rowsOfAnOpenStatementAreToldWhenAnotherIsExecuted() throws Exception {
		List<SpanData> spans = this.database.request(() -> {
			try (Connection connection = this.database.open()) {
				ResultSet rows = connection.createStatement().executeQuery("select * from orders");
				assertThat(rows.next() && rows.next()).isTrue();
				connection.createStatement().executeQuery("select id from items");
			}
		});
		assertThat(spans).filteredOn((span) -> span.name().equals("SELECT orders"))
			.singleElement()
			.satisfies((span) -> assertThat(span.attribute("db.response.returned_rows")).isEqualTo(2L));
	}

	@Test
	void rowsThatAreReadAgainAreCountedOnce() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE,
					ResultSet.CONCUR_READ_ONLY)) {
				ResultSet rows = statement.executeQuery("select * from orders");
				for (int i = 0; i < 2; i++) {
					rows.beforeFirst();
					while (rows.next()) {
						rows.getInt(1);
					}
				}
			}
		});
		assertThat(spans).singleElement()
			.satisfies((span) -> assertThat(span.attribute(DatabaseAttributes.RETURNED_ROWS)).isEqualTo(3L));
	}

	@Test
	void rowsAreCountedHoweverTheCursorMoves() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE,
					ResultSet.CONCUR_READ_ONLY)) {
				ResultSet rows = statement.executeQuery("select id from orders");
				assertThat(rows.last()).isTrue();
				assertThat(rows.getRow()).isEqualTo(3);
				rows.close();
				rows = statement.executeQuery("select name from orders");
				assertThat(rows.absolute(2)).isTrue();
				assertThat(rows.relative(-1)).isTrue();
				assertThat(rows.next()).isTrue();
				assertThat(rows.previous()).isTrue();
				assertThat(rows.previous()).isFalse();
				rows.close();
				rows = statement.executeQuery("select id, name from orders");
				assertThat(rows.next() && rows.next()).isTrue();
				rows.beforeFirst();
				assertThat(rows.next() && rows.next() && rows.next()).isTrue();
				assertThat(rows.isLast()).isTrue();
				assertThat(rows.first()).isTrue();
				rows.close();
				assertThat(statement.executeQuery("select id from items").first()).isFalse();
			}
		});
		assertThat(spans).extracting((span) -> span.attribute(DatabaseAttributes.RETURNED_ROWS))
			.containsExactly(3L, 2L, 3L, null);
	}

	@Test
	void aResultThatCannotBeReadToItsEndIsAFailure() throws Exception {
		Throwable[] seen = new Throwable[1];
		SpanData span = only(this.database.on((connection) -> {
			plainly(connection, "set lazy_query_execution 1");
			try (Statement statement = connection.createStatement()) {
				ResultSet rows = statement.executeQuery("select 1 / (3 - x) from system_range(1, 5)");
				assertThat(rows.next() && rows.next()).isTrue();
				seen[0] = catchThrowable(rows::next);
			}
		}));
		assertThat(seen[0]).isInstanceOf(SQLException.class);
		assertThat(span.error()).isSameAs(seen[0]);
		assertThat(span.attribute(DatabaseAttributes.STATUS_CODE)).isEqualTo("22012");
		assertThat(span.attribute(DatabaseAttributes.RETURNED_ROWS)).isEqualTo(2L);
		assertThat(this.database.lastSegment().calls()).singleElement().satisfies((calls) -> {
			assertThat(calls.succeeded()).isZero();
			assertThat(calls.failed()).isOne();
			assertThat(calls.totalNanos()).isZero();
			assertThat(calls.failedNanos()).isPositive();
			assertThat(calls.rows()).isEqualTo(2);
		});
	}

	@Test
	void aResultThatCannotBeReadAmongRepetitionsHasASpanOfItsOwn() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			plainly(connection, "set lazy_query_execution 1");
			try (PreparedStatement statement = connection
				.prepareStatement("select 1 / (? - x) from system_range(1, 5)")) {
				for (int minuend : new int[] { 11, 10, 9, 8, 7, 6, 4 }) {
					statement.setInt(1, minuend);
					ResultSet rows = statement.executeQuery();
					for (int i = 0; i < 3; i++) {
						assertThat(rows.next()).isTrue();
					}
					if (minuend == 4) {
						assertThat(catchThrowable(rows::next)).isInstanceOf(SQLException.class);
					}
					rows.close();
				}
			}
		});
		assertThat(spans).hasSize(2);
		assertThat(spans).filteredOn(SpanData::isFailed)
			.singleElement()
			.satisfies((span) -> assertThat(span.attribute(DatabaseAttributes.REPEATED)).isNull());
		assertThat(spans).filteredOn((span) -> !span.isFailed())
			.singleElement()
			.satisfies((span) -> assertThat(span.attribute(DatabaseAttributes.REPEATED)).isEqualTo(6L));
	}

	@Test
	void rowsOfFurtherResultsAreCounted() throws Exception {
		List<SpanData> spans = this.database.request(() -> {
			try (Connection plain = this.database.plain();
					// Made before, as a connection that takes long has a span of its own.
					Connection several = several(plain);
					Connection connection = this.database.connections.connection(() -> several)) {
				Statement statement = connection.createStatement();
				ResultSet first = statement.executeQuery("{call orders_and_items()}");
				assertThat(read(first)).isEqualTo(3);
				assertThat(statement.getMoreResults()).isTrue();
				assertThat(read(statement.getResultSet())).isEqualTo(2);
				assertThat(statement.executeUpdate("update orders set name = 'a'; update items set price = 1")).isOne();
				assertThat(statement.getMoreResults()).isTrue();
				assertThat(statement.getUpdateCount()).isEqualTo(7);
				statement.close();
			}
		});
		assertThat(spans.get(0).attribute(DatabaseAttributes.RETURNED_ROWS)).isEqualTo(5L);
		assertThat(spans.get(1).attribute(DatabaseAttributes.AFFECTED_ROWS)).isEqualTo(8L);
	}

	/** H2 has no second result. */
	private static Connection several(Connection plain) throws SQLException {
		Statement one = plain.createStatement();
		Statement other = plain.createStatement();
		Statement statement = proxy(Statement.class, (method) -> switch (method) {
			case "executeQuery" -> one.executeQuery("select id from orders");
			case "executeUpdate" -> 1;
			case "getUpdateCount" -> 7;
			case "getMoreResults" -> true;
			case "getResultSet" -> other.executeQuery("select id from orders where id < 3");
			default -> null;
		});
		return proxy(Connection.class, (method) -> switch (method) {
			case "createStatement" -> statement;
			case "getMetaData" -> plain.getMetaData();
			case "isWrapperFor" -> false;
			default -> null;
		});
	}

	private static int read(ResultSet rows) throws SQLException {
		int number = 0;
		while (rows.next()) {
			number++;
		}
		return number;
	}

	/** With some drivers that is the only way to stop a statement. */
	@Test
	void aStatementThatAnotherThreadClosesWhileItRunsHasFailed() throws Exception {
		for (boolean wholeConnection : new boolean[] { false, true }) {
			CountDownLatch running = new CountDownLatch(1);
			CountDownLatch closed = new CountDownLatch(1);
			SQLException stopped = new SQLException("closed", "57014");
			Connection slow = slow(running, closed, stopped);
			SpanData span = only(this.database.request(() -> {
				Connection connection = this.database.connections.connection(() -> slow);
				Statement statement = connection.createStatement();
				Thread other = new Thread(() -> {
					try {
						running.await();
						if (wholeConnection) {
							connection.close();
						}
						else {
							statement.close();
						}
					}
					catch (InterruptedException | SQLException ex) {
						throw new IllegalStateException(ex);
					}
				});
				other.start();
				assertThat(catchThrowable(() -> statement.execute("select 1 from orders"))).isSameAs(stopped);
				other.join();
			}));
			assertThat(span.isEnded()).isTrue();
			assertThat(span.error()).isSameAs(stopped);
			assertThat(this.database.lastSegment().calls()).singleElement()
				.satisfies((calls) -> assertThat(calls.failed()).isOne());
		}
	}

	private static Connection slow(CountDownLatch running, CountDownLatch closed, SQLException stopped) {
		Statement statement = proxy(Statement.class, (method) -> {
			if (method.equals("execute")) {
				running.countDown();
				closed.await();
				throw stopped;
			}
			closed.countDown();
			return null;
		});
		return proxy(Connection.class, (method) -> switch (method) {
			case "createStatement" -> statement;
			case "isWrapperFor" -> false;
			case "close" -> {
				closed.countDown();
				yield null;
			}
			default -> null;
		});
	}

	private static <T> T proxy(Class<T> type, Behaviour behaviour) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> behaviour.call(method.getName())));
	}

	private static void plainly(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.unwrap(JdbcConnection.class).createStatement()) {
			statement.execute(sql);
		}
	}

	@FunctionalInterface
	private interface Behaviour {

		Object call(String method) throws Exception;

	}

}
