package dev.apm4j.instrument.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.apm4j.trace.SpanData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values of parameters, which are recorded only if the user asks for it.
 */
class BindValueTests {

	private static final String PREFIX = "db.query.parameter.";

	private TracedH2 database;

	@BeforeEach
	void create() throws SQLException {
		this.database = new TracedH2(new JdbcSettings(true, 100, List.of()));
	}

	@AfterEach
	void close() throws SQLException {
		this.database.close();
	}

	@Test
	void valuesAreRecordedByTheirPosition() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("select * from orders where id = ? and name like ?")) {
				statement.setInt(1, 7);
				statement.setString(2, "o%");
				statement.executeQuery();
				statement.setObject(1, 8);
				statement.setNull(2, Types.VARCHAR);
				statement.executeQuery();
				statement.clearParameters();
				statement.setBigDecimal(1, BigDecimal.TEN);
				statement.setObject(2, LocalDate.EPOCH);
				statement.executeQuery();
			}
		});
		assertThat(spans).extracting(BindValueTests::values)
			.containsExactly(Map.of("0", "7", "1", "o%"), Map.of("0", "8", "1", "null"),
					Map.of("0", "10", "1", "1970-01-01"));
	}

	@Test
	void secretsAreMasked() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("update orders set name = ?, password = ? where id = ?")) {
				statement.setString(1, "x");
				statement.setString(2, "hunter2");
				statement.setInt(3, 1);
				statement.executeUpdate();
			}
		});
		assertThat(values(spans.get(0))).isEqualTo(Map.of("0", "x", "1", "***", "2", "1"));
	}

	@Test
	void recordingCanBeSwitchedWhileStatementsAreKnown() throws Exception {
		try (TracedH2 other = new TracedH2(new JdbcSettings(false, 100, List.of()))) {
			assertThat(passwordUpdate(other)).isEmpty();
			other.tracing.setBindValues(true);
			// The text was sanitised when nobody needed to know its secrets.
			assertThat(passwordUpdate(other)).isEqualTo(Map.of("0", "***", "1", "1"));
			other.tracing.setBindValues(null);
			assertThat(passwordUpdate(other)).isEmpty();
		}
	}

	private static Map<String, Object> passwordUpdate(TracedH2 database) throws Exception {
		List<SpanData> spans = database.on((connection) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("update orders set password = ? where id = ?")) {
				statement.setString(1, "hunter2");
				statement.setInt(2, 1);
				statement.executeUpdate();
			}
		});
		return values(spans.get(spans.size() - 1));
	}

	@Test
	void namedParametersHaveTheirNames() throws Exception {
		SpanData span = this.database.request(() -> {
			CallableStatement call = (CallableStatement) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { CallableStatement.class },
					(proxy, method, arguments) -> method.getName().equals("execute") ? (Object) true : null);
			try (TracedConnection connection = (TracedConnection) this.database.open();
					CallableStatement traced = new TracedCallableStatement(call, connection, "{call login(?, ?)}")) {
				traced.setString("user", "me");
				traced.setString("user", "you");
				traced.setString("api_key", "hunter2");
				traced.execute();
			}
		}).stream().filter((each) -> each.name().startsWith("CALL")).findFirst().orElseThrow();
		assertThat(values(span)).isEqualTo(Map.of("user", "you", "api_key", "***"));
	}

	@Test
	void longValuesAreCutAndOnlyTheFirstParametersRecorded() throws Exception {
		String list = IntStream.range(0, 40).mapToObj((i) -> "?").collect(Collectors.joining(", "));
		SpanData span = this.database.on((connection) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("select * from orders where name in (" + list + ")")) {
				for (int i = 1; i <= 40; i++) {
					statement.setString(i, "x".repeat(1000));
				}
				statement.executeQuery();
			}
		}).get(0);
		assertThat(values(span)).hasSize(32).containsKeys("0", "31").doesNotContainKey("32");
		assertThat(values(span).values()).allSatisfy((value) -> assertThat(value).asString().hasSize(100));
	}

	@Test
	void streamsAndLargeObjectsAreNotTouched() throws Exception {
		InputStream untouched = new ByteArrayInputStream(new byte[] { 1, 2, 3 });
		Object own = new Object() {

			@Override
			public String toString() {
				throw new AssertionError("must not be called");
			}

		};
		PreparedStatement accepting = (PreparedStatement) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { PreparedStatement.class },
				(proxy, method, arguments) -> method.getName().equals("execute") ? (Object) true : null);
		SpanData span = this.database.request(() -> {
			try (TracedConnection connection = (TracedConnection) this.database.open();
					PreparedStatement statement = new TracedPreparedStatement(accepting, connection, "insert into t")) {
				statement.setBinaryStream(1, untouched, 3);
				statement.setCharacterStream(2, new StringReader("abc"), 3L);
				statement.setAsciiStream(3, untouched);
				statement.setBytes(4, new byte[] { 1, 2, 3, 4 });
				statement.setObject(5, own);
				statement.setObject(6, untouched, Types.BLOB, 12);
				statement.setClob(7, connection.unwrap(Connection.class).createClob());
				statement.execute();
			}
		}).stream().filter((each) -> each.name().startsWith("INSERT")).findFirst().orElseThrow();
		assertThat(untouched.available()).isEqualTo(3);
		assertThat(values(span)).containsEntry("0", "ByteArrayInputStream[3]")
			.containsEntry("1", "StringReader[3]")
			.containsEntry("2", "ByteArrayInputStream")
			.containsEntry("3", "byte[4]")
			.containsEntry("5", "ByteArrayInputStream")
			.containsEntry("6", "JdbcClob")
			.containsKey("4");
	}

	@Test
	void batchesHaveNoValues() throws Exception {
		SpanData span = this.database.on((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("insert into items (price) values (?)")) {
				statement.setInt(1, 5);
				statement.addBatch();
				statement.executeBatch();
			}
		}).get(0);
		assertThat(values(span)).isEmpty();
	}

	@Test
	void nothingIsRecordedUnlessAskedFor() throws Exception {
		try (TracedH2 discreet = new TracedH2()) {
			SpanData span = discreet.on((connection) -> {
				try (PreparedStatement statement = connection.prepareStatement("select * from orders where id = ?")) {
					statement.setInt(1, 5);
					statement.executeQuery();
				}
			}).get(0);
			assertThat(values(span)).isEmpty();
		}
	}

	private static Map<String, Object> values(SpanData span) {
		return span.attributes()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().startsWith(PREFIX))
			.collect(Collectors.toMap((entry) -> entry.getKey().substring(PREFIX.length()), Map.Entry::getValue));
	}

}
