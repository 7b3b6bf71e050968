package dev.apm4j.benchmarks;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A prepared query on H2 in memory, from taking the connection out of the pool to giving
 * it back, inside of a trace. What pool and database do is in each figure; take
 * {@code none} off. So is a fiftieth of the root span that the statement needs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class JdbcBenchmark {

	/** Far below the number of spans at which a segment of apm4j is full. */
	private static final int STATEMENTS = 50;

	/** How many rows the query finds: one by its key, or ten by another column. */
	@Param({ "1", "10" })
	private int rows;

	/**
	 * The pool alone.
	 * @param database the database
	 * @return something of each row
	 * @throws SQLException never
	 */
	@Benchmark
	@OperationsPerInvocation(STATEMENTS)
	public int none(OrdersDatabase database) throws SQLException {
		return queries(database, database.pool);
	}

	/**
	 * Our wrappers; each statement is a span of its own.
	 * @param database the database
	 * @param traced the traced data source
	 * @return something of each row
	 * @throws SQLException never
	 */
	@Benchmark
	@OperationsPerInvocation(STATEMENTS)
	public int apm4j(Apm4jSource traced, OrdersDatabase database) throws SQLException {
		return queries(traced.tracing.tracer, database, traced.source);
	}

	/**
	 * Our wrappers as they are by default: a statement that is repeated becomes one span.
	 * @param database the database
	 * @param traced the traced data source
	 * @return something of each row
	 * @throws SQLException never
	 */
	@Benchmark
	@OperationsPerInvocation(STATEMENTS)
	public int apm4jRepeated(Apm4jRepeatedSource traced, OrdersDatabase database) throws SQLException {
		return queries(traced.tracing.tracer, database, traced.source);
	}

	/**
	 * Proxies of datasource-proxy, with a span of ours and nothing else.
	 * @param database the database
	 * @param traced the traced data source
	 * @return something of each row
	 * @throws SQLException never
	 */
	@Benchmark
	@OperationsPerInvocation(STATEMENTS)
	public int datasourceProxy(DatasourceProxySource traced, OrdersDatabase database) throws SQLException {
		return queries(traced.tracing.tracer, database, traced.source);
	}

	/**
	 * p6spy's wrappers, with a span of ours and nothing else.
	 * @param database the database
	 * @param traced the traced data source
	 * @return something of each row
	 * @throws SQLException never
	 */
	@Benchmark
	@OperationsPerInvocation(STATEMENTS)
	public int p6spy(P6spySource traced, OrdersDatabase database) throws SQLException {
		return queries(traced.tracing.tracer, database, traced.source);
	}

	/**
	 * datasource-micrometer over our tracer.
	 * @param database the database
	 * @param traced the traced data source
	 * @return something of each row
	 * @throws SQLException never
	 */
	@Benchmark
	@OperationsPerInvocation(STATEMENTS)
	public int datasourceMicrometerApm4j(DatasourceMicrometerApm4jSource traced, OrdersDatabase database)
			throws SQLException {
		return queries(traced.tracing.tracer, database, traced.source);
	}

	/**
	 * datasource-micrometer over Brave.
	 * @param database the database
	 * @param traced the traced data source
	 * @return something of each row
	 * @throws SQLException never
	 */
	@Benchmark
	@OperationsPerInvocation(STATEMENTS)
	public int datasourceMicrometerBrave(DatasourceMicrometerBraveSource traced, OrdersDatabase database)
			throws SQLException {
		return queries(traced.tracing.bridge, database, traced.source);
	}

	/**
	 * OpenTelemetry's library for JDBC.
	 * @param database the database
	 * @param traced the traced data source
	 * @return something of each row
	 * @throws SQLException never
	 */
	@Benchmark
	@OperationsPerInvocation(STATEMENTS)
	public int otel(OtelSource traced, OrdersDatabase database) throws SQLException {
		io.opentelemetry.api.trace.Span root = traced.tracing.tracer.spanBuilder("GET /orders").startSpan();
		try (io.opentelemetry.context.Scope scope = root.makeCurrent()) {
			return queries(database, traced.source);
		}
		finally {
			root.end();
		}
	}

	private int queries(Tracer tracer, OrdersDatabase database, DataSource source) throws SQLException {
		Span root = tracer.nextSpan().name("GET /orders").start();
		try (Tracer.SpanInScope scope = tracer.withSpan(root)) {
			return queries(database, source);
		}
		finally {
			root.end();
		}
	}

	private int queries(OrdersDatabase database, DataSource source) throws SQLException {
		int sum = 0;
		for (int i = 0; i < STATEMENTS; i++) {
			sum += database.query(source, this.rows);
		}
		return sum;
	}

	/** Our wrappers; each statement is a span of its own. */
	@State(Scope.Thread)
	public static class Apm4jSource {

		private final Apm4jTracing tracing = new Apm4jTracing();

		private DataSource source;

		/**
		 * Wraps the pool.
		 * @param database the database
		 */
		@Setup
		public void wrap(OrdersDatabase database) {
			this.source = JdbcDataSources.apm4j(database.pool, this.tracing.tracer, 0);
		}

	}

	/**
	 * Our wrappers as they are by default: a statement that is repeated becomes one span.
	 */
	@State(Scope.Thread)
	public static class Apm4jRepeatedSource {

		private final Apm4jTracing tracing = new Apm4jTracing();

		private DataSource source;

		/**
		 * Wraps the pool.
		 * @param database the database
		 */
		@Setup
		public void wrap(OrdersDatabase database) {
			this.source = JdbcDataSources.apm4j(database.pool, this.tracing.tracer, 5);
		}

	}

	/** Proxies of datasource-proxy, with a span of ours and nothing else. */
	@State(Scope.Thread)
	public static class DatasourceProxySource {

		private final Apm4jTracing tracing = new Apm4jTracing();

		private DataSource source;

		/**
		 * Wraps the pool.
		 * @param database the database
		 */
		@Setup
		public void wrap(OrdersDatabase database) {
			this.source = JdbcDataSources.datasourceProxy(database.pool, this.tracing.tracer);
		}

	}

	/** p6spy's wrappers, with a span of ours and nothing else. */
	@State(Scope.Thread)
	public static class P6spySource {

		private final Apm4jTracing tracing = new Apm4jTracing();

		private DataSource source;

		/**
		 * Wraps the pool.
		 * @param database the database
		 */
		@Setup
		public void wrap(OrdersDatabase database) {
			this.source = JdbcDataSources.p6spy(database.pool, this.tracing.tracer);
		}

	}

	/** datasource-micrometer over our tracer. */
	@State(Scope.Thread)
	public static class DatasourceMicrometerApm4jSource {

		private final Apm4jTracing tracing = new Apm4jTracing();

		private DataSource source;

		/**
		 * Wraps the pool.
		 * @param database the database
		 */
		@Setup
		public void wrap(OrdersDatabase database) {
			this.source = JdbcDataSources.datasourceMicrometer(database.pool, this.tracing.tracer);
		}

	}

	/** datasource-micrometer over Brave. */
	@State(Scope.Thread)
	public static class DatasourceMicrometerBraveSource {

		private final BraveTracing tracing = new BraveTracing();

		private DataSource source;

		/**
		 * Wraps the pool.
		 * @param database the database
		 */
		@Setup
		public void wrap(OrdersDatabase database) {
			this.source = JdbcDataSources.datasourceMicrometer(database.pool, this.tracing.bridge);
		}

	}

	/** OpenTelemetry's library for JDBC. */
	@State(Scope.Thread)
	public static class OtelSource {

		private final OtelTracing tracing = new OtelTracing();

		private DataSource source;

		/**
		 * Wraps the pool.
		 * @param database the database
		 */
		@Setup
		public void wrap(OrdersDatabase database) {
			this.source = JdbcDataSources.otel(database.pool, this.tracing.provider);
		}

	}

}
