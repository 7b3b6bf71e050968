package dev.apm4j.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.apm4j.export.embedded.StatementAggregates;
import dev.apm4j.export.embedded.StatementCaller;
import dev.apm4j.export.embedded.StatementQuery;
import dev.apm4j.export.embedded.StatementReport;
import dev.apm4j.export.embedded.StatementStatistics;
import dev.apm4j.instrument.jdbc.ConnectionTracing;
import dev.apm4j.instrument.jdbc.JdbcSettings;
import dev.apm4j.instrument.jdbc.JdbcTracing;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The numbers by statement, from the driver to the report, are what an independent count
 * of the same work gives.
 */
class StatementNumbersTests {

	private static final int THREADS = 4;

	private static final int REQUESTS = 200;

	private static final String GOOD = "select id from stock where id <= ?";

	private static final String BAD = "select ? / (id - id) from stock";

	private final StatementAggregates aggregates = new StatementAggregates();

	private final ApmTracer tracer = ApmTracer.builder().sink(this::count).build();

	private final ConnectionTracing connections = new JdbcTracing(() -> this.tracer,
			new JdbcSettings(false, 5, List.of()))
		.newConnectionTracing();

	private final String url = SqlTracing.url();

	private Connection first;

	@BeforeEach
	void create() throws SQLException {
		this.first = DriverManager.getConnection(this.url);
		try (Statement statement = this.first.createStatement()) {
			statement.execute("create table stock (id int) as select x from system_range(1, 10)");
		}
	}

	@AfterEach
	void close() throws SQLException {
		try (Statement statement = this.first.createStatement()) {
			statement.execute("shutdown");
		}
	}

	private void count(Segment segment) {
		segment.seal();
		this.aggregates.count(segment);
	}

	@Test
	void areTheTruthUnderLoadWhetherSampledOrNot() throws Exception {
		this.tracer.setSamplingPolicy(new SamplingPolicy(0.5, 1_000_000, null, true));
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		Truth all = new Truth();
		try {
			List<Future<Truth>> work = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int seed = i;
				work.add(threads.submit(() -> requests(new Random(seed))));
			}
			for (Future<Truth> each : work) {
				all.add(each.get());
			}
		}
		finally {
			threads.shutdown();
		}
		StatementStatistics good = statement("select id from stock");
		assertThat(good.count()).isEqualTo(all.good);
		assertThat(good.errors()).isZero();
		assertThat(good.rows()).isEqualTo(all.rows);
		assertThat(good.requests()).isEqualTo(all.requests);
		assertThat(good.repeated()).isEqualTo(all.repeated);
		assertThat(good.maxCallsPerRequest()).isEqualTo(all.most);
		assertThat(good.callsPerRequest()).isEqualTo((double) all.good / all.requests);
		assertThat(calls(good)).isEqualTo(all.callers);
		assertThat(good.total()).isPositive().isLessThanOrEqualTo(all.nanos / 1000);
		assertThat(good.average()).isEqualTo(good.total() / good.count());
		assertThat(good.p50()).isLessThanOrEqualTo(good.p95());
		assertThat(good.p95()).isLessThanOrEqualTo(good.p99());
		StatementStatistics bad = statement("select ? /");
		assertThat(bad.count()).isEqualTo(all.bad);
		assertThat(bad.errors()).isEqualTo(all.bad);
		assertThat(bad.rows()).isZero();
		assertThat(bad.callers()).hasSameSizeAs(good.callers());
	}

	private Truth requests(Random random) throws Exception {
		Truth truth = new Truth();
		for (int i = 0; i < REQUESTS; i++) {
			String endpoint = "GET /" + random.nextInt(3);
			int good = 1 + random.nextInt(9);
			int bad = random.nextInt(3);
			Span root = this.tracer.nextSpan().name(endpoint).start();
			try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
				request(truth, random, good, bad);
			}
			finally {
				root.end();
			}
			truth.good += good;
			truth.bad += bad;
			truth.requests++;
			truth.repeated += (good >= 5) ? 1 : 0;
			truth.most = Math.max(truth.most, good);
			truth.callers.merge(endpoint, (long) good, Long::sum);
		}
		return truth;
	}

	private void request(Truth truth, Random random, int good, int bad) throws SQLException {
		try (Connection connection = this.connections.connection(() -> DriverManager.getConnection(this.url))) {
			for (int i = 0; i < good; i++) {
				long begin = System.nanoTime();
				int wanted = random.nextInt(11);
				try (PreparedStatement statement = connection.prepareStatement(GOOD)) {
					statement.setInt(1, wanted);
					try (ResultSet rows = statement.executeQuery()) {
						while (rows.next()) {
							truth.rows++;
						}
					}
				}
				truth.nanos += System.nanoTime() - begin;
			}
			for (int i = 0; i < bad; i++) {
				try (PreparedStatement statement = connection.prepareStatement(BAD)) {
					statement.setInt(1, i);
					assertThat(catchThrowable(statement::executeQuery)).isInstanceOf(SQLException.class);
				}
			}
		}
	}

	@Test
	void areBoundedAndLoseNothingHoweverManyStatementsThereAre() throws Exception {
		int requests = 500;
		int each = 200;
		for (int i = 0; i < requests; i++) {
			Span root = this.tracer.nextSpan().name("GET /").start();
			try (Tracer.SpanInScope scope = this.tracer.withSpan(root);
					Connection connection = this.connections.connection(() -> DriverManager.getConnection(this.url));
					Statement statement = connection.createStatement()) {
				for (int j = 0; j < each; j++) {
					statement.execute("select 1 as c" + (i * each + j));
				}
			}
			finally {
				root.end();
			}
		}
		StatementReport report = report();
		assertThat(report.known()).isEqualTo(StatementAggregates.MAX_STATEMENTS + 1);
		StatementStatistics rest = report.statements().get(0);
		assertThat(rest.name()).isEqualTo("(other)");
		assertThat(rest.count()).isEqualTo((long) requests * each - StatementAggregates.MAX_STATEMENTS);
		assertThat(rest.requests()).isEqualTo(requests - 2);
	}

	private StatementReport report() {
		return this.aggregates
			.report(new StatementQuery(StatementQuery.MAX_LIMIT, StatementQuery.Order.COUNT, null, null));
	}

	private StatementStatistics statement(String text) {
		return report().statements()
			.stream()
			.filter((each) -> each.text() != null && each.text().startsWith(text))
			.findFirst()
			.orElseThrow();
	}

	private static Map<String, Long> calls(StatementStatistics statement) {
		Map<String, Long> calls = new HashMap<>();
		for (StatementCaller caller : statement.callers()) {
			calls.merge(caller.name(), caller.count(), Long::sum);
		}
		return calls;
	}

	/** What was really done. */
	private static final class Truth {

		private final Map<String, Long> callers = new HashMap<>();

		private long good;

		private long bad;

		private long rows;

		private long requests;

		private long repeated;

		private long most;

		private long nanos;

		void add(Truth other) {
			other.callers.forEach((name, count) -> this.callers.merge(name, count, Long::sum));
			this.good += other.good;
			this.bad += other.bad;
			this.rows += other.rows;
			this.requests += other.requests;
			this.repeated += other.repeated;
			this.most = Math.max(this.most, other.most);
			this.nanos += other.nanos;
		}

	}

}
