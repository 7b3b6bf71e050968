package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

/**
 * A database of its own in memory, whose connections are traced.
 */
final class TracedH2 implements AutoCloseable {

	static final JdbcSettings SETTINGS = new JdbcSettings(false, 5, List.of("shop"));

	final List<Segment> segments = new ArrayList<>();

	final ApmTracer tracer = ApmTracer.builder().sink(this.segments::add).build();

	final String name = "shop" + UUID.randomUUID().toString().replace("-", "");

	final String url = "jdbc:h2:mem:" + this.name;

	final JdbcTracing tracing;

	final ConnectionTracing connections;

	/** Keeps the database. */
	private final Connection first;

	TracedH2() throws SQLException {
		this(SETTINGS);
	}

	TracedH2(JdbcSettings settings) throws SQLException {
		this.tracing = new JdbcTracing(() -> this.tracer, settings);
		this.connections = this.tracing.newConnectionTracing();
		this.first = plain();
		try (Statement statement = this.first.createStatement()) {
			statement.execute("create table orders (id int primary key, name varchar(50), password varchar(50))");
			statement.execute("create table items (id int primary key auto_increment, price int)");
			statement.execute("insert into orders values (1, 'one', 'a'), (2, 'two', 'b'), (3, 'three', 'c')");
		}
	}

	Connection plain() throws SQLException {
		return DriverManager.getConnection(this.url, "sa", "");
	}

	Connection open() throws SQLException {
		return this.connections.connection(this::plain);
	}

	/** The spans below the root of what is done in one request. */
	List<SpanData> request(Work work) throws Exception {
		Span root = this.tracer.nextSpan().name("GET /").start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
			work.run();
		}
		finally {
			root.end();
		}
		List<SpanData> spans = lastSegment().spans();
		return spans.subList(1, spans.size());
	}

	/** The spans of what a connection does in one request, without opening it. */
	List<SpanData> on(ConnectionWork work) throws Exception {
		try (Connection connection = open()) {
			return request(() -> work.run(connection));
		}
	}

	Segment lastSegment() {
		Segment last = this.segments.get(this.segments.size() - 1);
		last.seal();
		return last;
	}

	@Override
	public void close() throws SQLException {
		this.first.close();
	}

	@FunctionalInterface
	interface Work {

		void run() throws Exception;

	}

	@FunctionalInterface
	interface ConnectionWork {

		void run(Connection connection) throws Exception;

	}

}
