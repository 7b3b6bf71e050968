package dev.apm4j.export.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanLimits;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class StatementAggregatesTests {

	private static final StatementQuery ALL = new StatementQuery(500, StatementQuery.Order.COUNT, null, null);

	private final Segments segments = new Segments();

	private final Statements sql = new Statements(this.segments);

	private final StatementAggregates aggregates = new StatementAggregates();

	private final SpanTemplate orders = Statements.select("orders");

	private final SpanTemplate items = Statements.select("items");

	private void request(String name, Runnable work) {
		this.aggregates.count(this.sql.request(name, work));
	}

	private List<StatementStatistics> statements(StatementQuery query) {
		return this.aggregates.report(query).statements();
	}

	private StatementStatistics only() {
		List<StatementStatistics> statements = statements(ALL);
		assertThat(statements).hasSize(1);
		return statements.get(0);
	}

	@Test
	void executionsAreCountedByStatement() {
		request("GET /orders", () -> {
			this.sql.execute(this.orders, 2, 1_000_000);
			this.sql.execute(this.items, 3, 0);
			this.sql.execute(this.items, 4, 0);
			this.sql.fail(this.items, new IllegalStateException());
		});
		List<StatementStatistics> statements = statements(ALL);
		assertThat(statements).extracting(StatementStatistics::name).containsExactly("SELECT items", "SELECT orders");
		StatementStatistics first = statements.get(0);
		assertThat(first.text()).isEqualTo("SELECT * FROM items WHERE id = ?");
		assertThat(first.system()).isEqualTo("h2database");
		assertThat(first.namespace()).isEqualTo("shop");
		assertThat(first.operation()).isEqualTo("SELECT");
		assertThat(first.collection()).isEqualTo("items");
		assertThat(first.count()).isEqualTo(3);
		assertThat(first.errors()).isEqualTo(1);
		assertThat(first.rows()).isEqualTo(7);
		assertThat(first.connectionWait()).isZero();
		assertThat(first.max()).isLessThanOrEqualTo(first.total());
		assertThat(first.average()).isEqualTo(first.total() / 3);
		assertThat(statements.get(1).connectionWait()).isEqualTo(1000);
		StatementReport report = this.aggregates.report(ALL);
		assertThat(report.total()).isEqualTo(statements.stream().mapToLong(StatementStatistics::total).sum());
		assertThat(report.known()).isEqualTo(2);
	}

	@Test
	void rowsAreThoseFetchedAndThoseChanged() {
		SpanTemplate update = Statements.template("UPDATE", "items", "UPDATE items SET price = ?");
		request("POST /prices", () -> {
			this.sql.change(update, 4);
			this.sql.change(update, 3);
			// With what it returns.
			this.sql.execute(update, 2, 0);
		});
		assertThat(only().rows()).isEqualTo(9);
	}

	@Test
	void aStatementInABatchIsTheSameStatement() {
		String text = "INSERT INTO items VALUES (?)";
		request("POST /items", () -> {
			this.sql.execute(Statements.template("BATCH INSERT", "items", text), 1);
			this.sql.execute(Statements.template("INSERT", "items", text), 1);
		});
		assertThat(only().count()).isEqualTo(2);
		assertThat(only().name()).isEqualTo("INSERT items");
		assertThat(only().operation()).isEqualTo("INSERT");
	}

	@Test
	void callsARequestAreCountedWithTheirEndpoints() {
		request("GET /orders", () -> this.sql.execute(this.items, 20));
		request("GET /orders", () -> this.sql.execute(this.items, 2));
		request("GET /items", () -> this.sql.execute(this.items, 4));
		request("GET /nothing", () -> {
		});
		StatementStatistics statement = only();
		assertThat(statement.count()).isEqualTo(26);
		assertThat(statement.requests()).isEqualTo(3);
		assertThat(statement.callsPerRequest()).isEqualTo(26 / 3.0);
		assertThat(statement.maxCallsPerRequest()).isEqualTo(20);
		assertThat(statement.repeated()).isEqualTo(1);
		assertThat(statement.callers()).containsExactly(new StatementCaller("GET /orders", "SERVER", 22, 2),
				new StatementCaller("GET /items", "SERVER", 4, 1));
	}

	@Test
	void templatesThatDifferOnlyInTheBatchAreOneStatementOfARequest() {
		SpanTemplate same = Statements.template("BATCH SELECT", "orders", "SELECT * FROM orders WHERE id = ?");
		request("GET /orders", () -> {
			this.sql.execute(this.orders, 2);
			this.sql.execute(same, 1);
		});
		assertThat(only().count()).isEqualTo(3);
		assertThat(only().requests()).isEqualTo(1);
		assertThat(only().maxCallsPerRequest()).isEqualTo(3);
	}

	@Test
	void theSameTextInAnotherDatabaseIsAnotherStatement() {
		SpanTemplate elsewhere = SpanTemplate.of("SELECT orders", Span.Kind.CLIENT,
				Map.of("db.query.text", "SELECT * FROM orders WHERE id = ?"), SpanLimits.DEFAULT);
		request("GET /orders", () -> {
			this.sql.execute(this.orders, 1);
			this.sql.execute(elsewhere, 1);
		});
		assertThat(statements(ALL)).extracting(StatementStatistics::system).containsExactlyInAnyOrder("h2database", "");
	}

	@Test
	void commitsCountThoughTheyHaveNoTextAndOtherCallsDoNot() {
		SpanTemplate http = SpanTemplate.of("GET /stock", Span.Kind.CLIENT, Map.of("url.full", "http://x"),
				SpanLimits.DEFAULT);
		request("POST /orders", () -> {
			this.sql.execute(Statements.template("COMMIT", null, null), 1);
			this.sql.execute(http, 1);
		});
		assertThat(only().name()).isEqualTo("COMMIT");
		assertThat(only().text()).isNull();
	}

	@Test
	void requestsThatAreNotSampledCount() {
		this.segments.tracer().setSamplingPolicy(new SamplingPolicy(0, 0, null, false));
		request("GET /orders", () -> this.sql.execute(this.items, 7));
		assertThat(only().count()).isEqualTo(7);
		assertThat(only().repeated()).isEqualTo(1);
		assertThat(only().callers()).containsExactly(new StatementCaller("GET /orders", "SERVER", 7, 1));
	}

	@Test
	void statementsOutsideOfRequestsHaveNoEndpoint() {
		this.sql.alone(() -> this.sql.execute(this.items, 3)).forEach(this.aggregates::count);
		assertThat(only().requests()).isEqualTo(3);
		assertThat(only().callers()).containsExactly(new StatementCaller("(none)", "NONE", 3, 3));
	}

	@Test
	void statementsCallersAndTextsAreBounded() {
		String longText = "x".repeat(50_000);
		for (int i = 0; i < StatementAggregates.MAX_STATEMENTS + 100; i++) {
			SpanTemplate each = Statements.template("SELECT", "t" + i, i + longText);
			request("GET /" + i, () -> this.sql.execute(each, 1));
		}
		for (int i = 0; i < 100; i++) {
			String name = "GET /" + i;
			request(name, () -> this.sql.execute(Statements.template("SELECT", "t0", 0 + longText), 2));
		}
		List<StatementStatistics> statements = statements(ALL);
		assertThat(this.aggregates.report(ALL).known()).isEqualTo(StatementAggregates.MAX_STATEMENTS + 1);
		assertThat(statements)
			.allSatisfy((each) -> assertThat((each.text() != null) ? each.text() : "").hasSizeLessThanOrEqualTo(4096));
		StatementStatistics most = statements.get(0);
		assertThat(most.collection()).isEqualTo("t0");
		assertThat(most.count()).isEqualTo(201);
		assertThat(most.callers()).hasSize(StatementRecorder.MAX_CALLERS + 1);
		assertThat(most.callers().get(StatementRecorder.MAX_CALLERS).name()).isEqualTo("(other)");
		assertThat(most.callers().stream().mapToLong(StatementCaller::count).sum()).isEqualTo(201);
		assertThat(statements.get(1).name()).isEqualTo("(other)");
		assertThat(statements.get(1).count()).isEqualTo(100);
	}

	@Test
	void kindsOfCallsThatASegmentDoesNotTellApartAreCountedAsTheRest() {
		request("GET /all", () -> {
			for (int i = 0; i < 300; i++) {
				this.sql.execute(Statements.select("t" + i), 1);
			}
		});
		assertThat(statements(ALL).get(0).name()).isEqualTo("(other)");
		assertThat(statements(ALL).get(0).count()).isEqualTo(300 - 256);
		assertThat(statements(ALL)).hasSize(257);
	}

	@ParameterizedTest
	@CsvSource({ "COUNT,c", "ROWS,a", "ERRORS,b", "CALLS_PER_REQUEST,d", "REPEATED,c" })
	void theLargestComesFirst(StatementQuery.Order order, String first) {
		SpanTemplate a = Statements.select("a");
		request("1", () -> this.sql.execute(a, 100, 0));
		request("2", () -> this.sql.fail(Statements.select("b"), new IllegalStateException()));
		SpanTemplate c = Statements.select("c");
		request("3", () -> this.sql.execute(c, 10));
		request("4", () -> this.sql.execute(c, 10));
		request("5", () -> this.sql.execute(Statements.select("d"), 15));
		assertThat(statements(new StatementQuery(1, order, null, null))).extracting(StatementStatistics::collection)
			.containsExactly(first);
	}

	@Test
	void listsCanBeFilteredByEndpointAndText() {
		request("GET /orders", () -> {
			this.sql.execute(this.orders, 1);
			this.sql.execute(this.items, 1);
		});
		request("GET /items", () -> {
			this.sql.execute(this.items, 1);
			this.sql.execute(Statements.template("COMMIT", null, null), 1);
		});
		assertThat(statements(new StatementQuery(10, StatementQuery.Order.TOTAL, "GET /orders", null)))
			.extracting(StatementStatistics::collection)
			.containsExactlyInAnyOrder("orders", "items");
		assertThat(statements(new StatementQuery(10, StatementQuery.Order.TOTAL, null, "from ORDERS")))
			.extracting(StatementStatistics::collection)
			.containsExactly("orders");
		assertThat(statements(new StatementQuery(10, StatementQuery.Order.TOTAL, null, "commit")))
			.extracting(StatementStatistics::name)
			.containsExactly("COMMIT");
		assertThat(statements(new StatementQuery(10, StatementQuery.Order.TOTAL, "/orders", null))).isEmpty();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new StatementQuery(501, StatementQuery.Order.TOTAL, null, null));
	}

	@Test
	void threadsDoNotLoseACount() throws Exception {
		List<Segment> ended = new ArrayList<>();
		Random random = new Random(1);
		long executions = 0;
		for (int i = 0; i < 2000; i++) {
			int times = random.nextInt(8);
			executions += times;
			SpanTemplate template = Statements.select("t" + i % 5);
			ended.add(this.sql.request("GET /" + i % 30, () -> this.sql.execute(template, times)));
		}
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<?>> work = new ArrayList<>();
			for (int thread = 0; thread < 8; thread++) {
				work.add(threads.submit(() -> ended.forEach(this.aggregates::count)));
			}
			for (Future<?> each : work) {
				each.get();
			}
		}
		finally {
			threads.shutdown();
		}
		List<StatementStatistics> statements = statements(ALL);
		assertThat(statements).hasSize(5);
		assertThat(statements.stream().mapToLong(StatementStatistics::count).sum()).isEqualTo(8 * executions);
		assertThat(
				statements.stream().flatMap((each) -> each.callers().stream()).mapToLong(StatementCaller::count).sum())
			.isEqualTo(8 * executions);
	}

}
