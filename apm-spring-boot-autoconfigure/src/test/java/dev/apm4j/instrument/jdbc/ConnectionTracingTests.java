package dev.apm4j.instrument.jdbc;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariProxyConnection;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.ConnectionProxy;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * What is seen of connections, and when nothing is.
 */
class ConnectionTracingTests {

	private static final String QUERY = "select name from orders where id = 1";

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
	void commitsAndRollbacksAreSpans() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			connection.setAutoCommit(false);
			Savepoint savepoint = connection.setSavepoint();
			connection.rollback(savepoint);
			connection.commit();
			connection.rollback();
			connection.setAutoCommit(true);
		});
		assertThat(spans).extracting(SpanData::name).containsExactly("ROLLBACK", "COMMIT", "ROLLBACK");
		assertThat(spans.get(1).kind()).isEqualTo(Span.Kind.CLIENT);
		assertThat(spans.get(1).attributes()).isEqualTo(Map.of(DatabaseAttributes.SYSTEM, "h2database",
				DatabaseAttributes.NAMESPACE, this.database.name, DatabaseAttributes.OPERATION, "COMMIT"));
	}

	@Test
	void aCommitThatFailsIsASpanThatFailed() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			connection.close();
			assertThat(catchThrowable(connection::commit)).isInstanceOf(SQLException.class);
			assertThat(catchThrowable(connection::rollback)).isInstanceOf(SQLException.class);
			assertThat(catchThrowable(() -> connection.rollback(null))).isNotNull();
		});
		assertThat(spans).hasSize(3).allSatisfy((span) -> assertThat(span.isFailed()).isTrue());
		assertThat(spans.get(0).attribute(DatabaseAttributes.STATUS_CODE)).isEqualTo("90007");
	}

	@Test
	void theFirstStatementTellsHowLongTheConnectionWasWaitedFor() throws Exception {
		List<SpanData> spans = this.database.request(() -> {
			try (Connection connection = this.database.open(); Statement statement = connection.createStatement()) {
				statement.executeQuery(QUERY);
				statement.executeQuery("select 1");
			}
		});
		assertThat(spans).filteredOn((span) -> span.attribute(DatabaseAttributes.CONNECTION_WAIT) != null)
			.singleElement()
			.satisfies((span) -> assertThat(span.attribute(DatabaseAttributes.QUERY_TEXT))
				.isEqualTo("select name from orders where id = ?"));
	}

	@Test
	void aLongWaitIsASpanOfItsOwn() throws Exception {
		List<SpanData> spans = this.database.request(() -> {
			try (Connection connection = this.database.connections.connection(() -> slowly(3_000_000))) {
				connection.createStatement().executeQuery(QUERY);
			}
		});
		assertThat(spans.get(0).name()).isEqualTo("CONNECT " + this.database.name);
		assertThat(spans.get(0).kind()).isNull();
		assertThat(spans.get(0).durationNanos()).isGreaterThanOrEqualTo(3_000_000);
		assertThat((Long) spans.get(1).attribute(DatabaseAttributes.CONNECTION_WAIT))
			.isGreaterThanOrEqualTo(3_000_000L);
	}

	@Test
	void aConnectionThatCannotBeHadIsASpanThatFailed() throws Exception {
		SQLException failure = new SQLException("no connection", "08001");
		IllegalStateException broken = new IllegalStateException();
		List<SpanData> spans = this.database.request(() -> {
			assertThatThrownBy(() -> this.database.connections.connection(() -> {
				throw failure;
			})).isSameAs(failure);
			this.database.open().createStatement().executeQuery(QUERY);
			assertThatThrownBy(() -> this.database.connections.connection(() -> {
				throw broken;
			})).isSameAs(broken);
		});
		assertThat(spans).filteredOn(SpanData::isFailed)
			.extracting(SpanData::name)
			.containsExactly("CONNECT", "CONNECT " + this.database.name);
		assertThat(spans).filteredOn(SpanData::isFailed)
			.extracting((span) -> span.attribute(DatabaseAttributes.STATUS_CODE))
			.containsExactly("08001", null);
	}

	@Test
	void aTracedConnectionIsNotTracedTwice() throws Exception {
		Connection inner = this.database.open();
		ConnectionTracing outer = this.database.tracing.newConnectionTracing();
		assertThat(outer.connection(() -> inner)).isSameAs(inner);
		assertThat(this.database.request(() -> outer.connection(() -> inner).createStatement().executeQuery(QUERY)))
			.hasSize(1);
	}

	@Test
	void aPoolOverATracedDataSourceIsNotTracedTwiceAndItsWaitIsSeen() throws Exception {
		HikariConfig config = new HikariConfig();
		config.setDataSource(dataSource(this.database::open));
		config.setMaximumPoolSize(1);
		ConnectionTracing outer = this.database.tracing.newConnectionTracing();
		try (HikariDataSource pool = new HikariDataSource(config)) {
			List<SpanData> spans = this.database.request(() -> {
				try (Connection connection = outer.connection(pool::getConnection)) {
					assertThat(connection).isInstanceOf(HikariProxyConnection.class);
					connection.createStatement().executeQuery(QUERY);
				}
			});
			assertThat(spans).filteredOn((span) -> span.name().equals("SELECT orders"))
				.singleElement()
				.satisfies((span) -> assertThat(span.attribute(DatabaseAttributes.CONNECTION_WAIT)).isNotNull());
		}
	}

	@Test
	void aPoolStaysWhatItIs() throws Exception {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.database.url);
		config.setUsername("sa");
		config.setMaximumPoolSize(1);
		try (HikariDataSource pool = new HikariDataSource(config)) {
			for (int i = 0; i < 5; i++) {
				List<SpanData> spans = this.database.request(() -> {
					try (Connection connection = this.database.connections.connection(pool::getConnection)) {
						assertThat(connection.unwrap(JdbcConnection.class)).isInstanceOf(JdbcConnection.class);
						assertThat(connection.isWrapperFor(JdbcConnection.class)).isTrue();
						assertThat(connection.isWrapperFor(DataSource.class)).isFalse();
						assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
						connection.createStatement().executeQuery(QUERY);
					}
				});
				assertThat(spans).anyMatch((span) -> span.name().equals("SELECT orders"));
			}
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
		}
	}

	@Test
	void whatIsKeptForLaterDoesNotKeepTheRequest() throws Exception {
		Connection connection = this.database.open();
		PreparedStatement query = connection.prepareStatement(QUERY);
		PreparedStatement update = connection.prepareStatement("update orders set name = 'x'");
		PreparedStatement refused = connection.prepareStatement("insert into orders (id) select id from orders");
		this.database.request(() -> {
			query.executeQuery().close();
			update.executeUpdate();
			assertThatExceptionOfType(SQLException.class).isThrownBy(refused::executeUpdate);
			connection.commit();
		});
		WeakReference<Segment> request = new WeakReference<>(this.database.lastSegment());
		this.database.segments.clear();
		await().until(() -> {
			System.gc();
			return request.get() == null;
		});
		assertThat(query.isClosed()).isFalse();
		assertThat(update.isClosed()).isFalse();
		assertThat(refused.isClosed()).isFalse();
	}

	@Test
	void springsLazyConnectionStaysLazy() throws Exception {
		AtomicInteger fetched = new AtomicInteger();
		LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy();
		lazy.setDefaultAutoCommit(true);
		lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
		lazy.setTargetDataSource(dataSource(() -> {
			fetched.incrementAndGet();
			return this.database.open();
		}));
		List<SpanData> spans = this.database.request(() -> {
			ConnectionTracing outer = this.database.tracing.newConnectionTracing();
			try (Connection connection = outer.connection(lazy::getConnection)) {
				assertThat(connection).isInstanceOf(ConnectionProxy.class);
				assertThat(fetched).hasValue(0);
				connection.createStatement().executeQuery(QUERY);
			}
		});
		assertThat(spans).extracting(SpanData::name).containsOnlyOnce("SELECT orders");
	}

	@Test
	void statementsAndResultsLeadBackToTheTracedConnection() throws Exception {
		try (Connection connection = this.database.open()) {
			Statement statement = connection.createStatement();
			PreparedStatement prepared = connection.prepareStatement(QUERY);
			assertThat(statement.getConnection()).isSameAs(connection);
			assertThat(prepared.getConnection()).isSameAs(connection);
			assertThat(prepared.executeQuery().getStatement()).isSameAs(prepared);
			statement.execute(QUERY);
			ResultSet rows = statement.getResultSet();
			assertThat(rows.getStatement()).isSameAs(statement);
			assertThat(statement.getResultSet()).isSameAs(rows);
			assertThat(prepared.unwrap(org.h2.jdbc.JdbcPreparedStatement.class)).isNotNull();
			assertThat(prepared.isWrapperFor(PreparedStatement.class)).isTrue();
			assertThat(rows.unwrap(org.h2.jdbc.JdbcResultSet.class)).isNotNull();
			assertThat(connection).isEqualTo(connection).isNotEqualTo(connection.unwrap(JdbcConnection.class));
			assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
		}
	}

	@Test
	void itsTextHasNoPassword() throws Exception {
		Connection talkative = quirky((method, arguments) -> method.equals("toString")
				? "conn0: url=jdbc:x://me:pa55word@host/db?user=me&password=s3cret;PWD=other" : null);
		Connection connection = this.database.connections.connection(() -> talkative);
		assertThat(connection.toString()).startsWith("conn0: url=jdbc:x://me:***@host/db?user=me")
			.doesNotContain("pa55word", "s3cret", "other");
	}

	@Test
	void nothingIsTracedWithoutATracer() throws Exception {
		ApmTracer[] available = new ApmTracer[1];
		ConnectionTracing early = new JdbcTracing(() -> available[0],
				new JdbcSettings(true, 5, List.of(), OutsideRequests.ALWAYS))
			.newConnectionTracing();
		try (Connection connection = early.connection(this.database::plain)) {
			PreparedStatement statement = connection.prepareStatement(QUERY);
			assertThat(statement.executeQuery().next()).isTrue();
			assertThat(this.database.segments).isEmpty();
			available[0] = this.database.tracer;
			assertThat(statement.executeQuery().next()).isTrue();
			assertThat(this.database.segments).hasSize(1);
		}
	}

	@ParameterizedTest
	@EnumSource(OutsideRequests.class)
	void statementsOutsideOfRequestsAreTracedIfTheSettingsSaySo(OutsideRequests setting) throws Exception {
		try (TracedH2 own = new TracedH2(new JdbcSettings(false, 5, List.of(), setting))) {
			try (Connection connection = own.open(); Statement statement = connection.createStatement()) {
				statement.executeQuery(QUERY);
				int before = own.segments.size();
				assertThat(before > 0).isEqualTo(setting == OutsideRequests.ALWAYS);
				own.tracing.setTracingAlone(true);
				statement.executeQuery(QUERY);
				assertThat(own.segments.size() > before).isEqualTo(setting != OutsideRequests.NEVER);
				if (setting != OutsideRequests.NEVER) {
					assertThat(own.lastSegment().root().name()).isEqualTo("SELECT orders");
				}
			}
		}
	}

	@Test
	void nothingIsTracedWhereTracingIsSuppressedOrPaused() throws Exception {
		this.database.tracing.setTracingAlone(true);
		try (Tracer.SpanInScope scope = this.database.tracer.suppress(); Connection connection = this.database.open()) {
			connection.createStatement().executeQuery(QUERY);
		}
		this.database.tracer.pause();
		try (Connection connection = this.database.open()) {
			connection.createStatement().executeQuery(QUERY);
		}
		assertThat(this.database.segments).isEmpty();
	}

	/** As MariaDB's and others' do; H2's has none. */
	@Test
	void aStatementThatMetaDataShowIsTraced() throws Exception {
		try (Connection plain = this.database.plain()) {
			Statement internal = plain.createStatement();
			ResultSet tables = proxy(ResultSet.class,
					(method, arguments) -> method.equals("getStatement") ? internal : null);
			DatabaseMetaData metaData = proxy(DatabaseMetaData.class, (method, arguments) -> method.equals("getTables")
					? tables : method.equals("getURL") ? this.database.url : null);
			Connection driver = proxy(Connection.class, (method, arguments) -> method.equals("getMetaData") ? metaData
					: method.equals("isWrapperFor") ? (Object) false : null);
			Connection connection = this.database.connections.connection(() -> driver);
			Statement shown = connection.getMetaData().getTables(null, null, null, null).getStatement();
			assertThat(shown.getConnection()).isSameAs(connection);
			assertThat(this.database.request(() -> shown.execute(QUERY))).extracting(SpanData::name)
				.containsExactly("SELECT orders");
			assertThat(connection.getMetaData().getCatalogs()).isNull();
		}
		try (Connection connection = this.database.open()) {
			ResultSet tables = connection.getMetaData().getTables(null, null, null, null);
			assertThat(tables.getStatement()).isNull();
			assertThat(tables.unwrap(org.h2.jdbc.JdbcResultSet.class)).isNotNull();
		}
	}

	@Test
	void aDriverThatTellsNothingOfItselfIsTraced() throws Exception {
		Connection silent = quirky((method, arguments) -> {
			if (List.of("isWrapperFor", "unwrap", "getMetaData").contains(method)) {
				throw new AbstractMethodError(method);
			}
			return null;
		});
		ConnectionTracing tracing = this.database.tracing.newConnectionTracing();
		for (int i = 0; i < 5; i++) {
			SpanData span = this.database
				.request(() -> tracing.connection(() -> silent).createStatement().execute(QUERY))
				.get(0);
			assertThat(span.name()).isEqualTo("SELECT orders");
			assertThat(span.attribute(DatabaseAttributes.SYSTEM)).isEqualTo("other_sql");
		}
	}

	@Test
	void aDriverWithoutUrlIsTraced() throws Exception {
		DatabaseMetaData empty = proxy(DatabaseMetaData.class, (method, arguments) -> null);
		for (DatabaseMetaData metaData : new DatabaseMetaData[] { empty, null }) {
			Connection connection = proxy(Connection.class,
					(method, arguments) -> method.equals("getMetaData") ? metaData
							: method.equals("isWrapperFor") ? (Object) false : method.equals("createStatement")
									? proxy(Statement.class, (m, a) -> m.equals("execute") ? true : null) : null);
			List<SpanData> spans = this.database.request(() -> {
				Statement statement = this.database.tracing.newConnectionTracing()
					.connection(() -> connection)
					.createStatement();
				statement.execute(QUERY);
				assertThat(statement.getResultSet()).isNull();
				assertThat(statement.getGeneratedKeys()).isNull();
				assertThat(statement.executeQuery(QUERY)).isNull();
				assertThat(statement.getConnection()).isNull();
				statement.close();
				statement.close();
			});
			assertThat(spans).extracting(SpanData::name).containsExactly("SELECT orders", "SELECT orders");
		}
	}

	@Test
	void aSourceThatGivesNothingGivesNothing() throws Exception {
		assertThat(this.database.connections.connection(() -> null)).isNull();
		Connection empty = quirky((method, arguments) -> null);
		Connection connection = this.database.connections.connection(() -> empty);
		assertThat(connection.prepareStatement(QUERY)).isNull();
		assertThat(connection.prepareCall(QUERY)).isNull();
	}

	@Test
	void whatIsClosedMayBeClosedAgainAndThrowsAsEver() throws Exception {
		List<SpanData> spans = this.database.on((connection) -> {
			Statement statement = connection.createStatement();
			ResultSet rows = statement.executeQuery(QUERY);
			rows.next();
			rows.close();
			rows.close();
			assertThatThrownBy(rows::next).isInstanceOf(SQLException.class);
			statement.close();
			statement.close();
			assertThatThrownBy(() -> statement.executeQuery(QUERY)).isInstanceOf(SQLException.class);
			connection.close();
			connection.close();
		});
		assertThat(spans.get(0).attribute(DatabaseAttributes.RETURNED_ROWS)).isEqualTo(1L);
		assertThat(spans.get(0).isFailed()).isFalse();
	}

	@Test
	void aTracerThatFailsHarmsNobody() throws Exception {
		ConnectionTracing broken = new JdbcTracing(() -> {
			throw new IllegalStateException("no tracer today");
		}, TracedH2.SETTINGS).newConnectionTracing();
		try (Connection connection = broken.connection(this.database::plain);
				PreparedStatement statement = connection.prepareStatement(QUERY)) {
			assertThat(statement.executeQuery().next()).isTrue();
			assertThatThrownBy(() -> connection.prepareStatement("select * from nowhere"))
				.isInstanceOf(SQLException.class);
		}
		assertThatThrownBy(() -> broken.connection(() -> {
			throw new SQLException("really");
		})).hasMessage("really");
	}

	private Connection slowly(long nanos) throws SQLException {
		long until = System.nanoTime() + nanos;
		while (System.nanoTime() < until) {
			LockSupport.parkNanos(until - System.nanoTime());
		}
		return this.database.plain();
	}

	private static Connection quirky(BiFunction<String, Object[], Object> quirks) {
		return proxy(Connection.class, (method, arguments) -> {
			Object result = quirks.apply(method, arguments);
			return (result == null && method.equals("isWrapperFor")) ? (Object) false
					: (result == null && method.equals("createStatement"))
							? proxy(Statement.class, (m, a) -> m.equals("execute") ? false : null) : result;
		});
	}

	private static <T> T proxy(Class<T> type, BiFunction<String, Object[], Object> behaviour) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method,
				arguments) -> (method.getDeclaringClass() == Object.class && method.getName().equals("hashCode"))
						? (Object) System.identityHashCode(proxy) : behaviour.apply(method.getName(), arguments)));
	}

	private static DataSource dataSource(ConnectionTracing.Source source) {
		return new AbstractDataSource() {

			@Override
			public Connection getConnection() throws SQLException {
				return source.get();
			}

			@Override
			public Connection getConnection(String username, String password) throws SQLException {
				return source.get();
			}

		};
	}

}
