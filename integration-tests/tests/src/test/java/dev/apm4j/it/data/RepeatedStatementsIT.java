package dev.apm4j.it.data;

import java.util.Collections;
import java.util.List;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.RecordedSpan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Queries in loops: the mistake that is called N+1.
 */
class RepeatedStatementsIT extends DataTests {

	RepeatedStatementsIT(DataApplications.Shared shared) {
		super(shared);
	}

	@Test
	void fewRepetitionsAreSpansOfTheirOwn() {
		Sql sql = sql("/loop/query?count=3", 3);
		assertThat(sql.names()).containsOnly("SELECT products");
		assertThat(sql.spans()).allSatisfy((span) -> assertThat(span.attribute("apm.db.repeated")).isNull());
	}

	@Test
	void queryInALoopIsOneGroupWithItsCountAndItsLine() {
		Sql sql = sql("/loop/query?count=50", 1);
		assertThat(rows(sql)).isEqualTo(Collections.nCopies(50, "zzproduct"));
		RecordedSpan group = sql.single();
		assertThat(group.name()).isEqualTo("SELECT products");
		assertThat(group.parentId()).isEqualTo(sql.request().id());
		assertThat(group.attribute("db.query.text")).isEqualTo("SELECT name FROM products WHERE id = ?");
		assertThat(group.attribute("apm.db.repeated")).isEqualTo("50");
		assertTimes(group);
		List<String> callers = callers(group);
		assertThat(callers.get(0))
			.matches("com\\.example\\.data\\.ProductRepository\\.name\\(ProductRepository\\.java:\\d+\\)");
		assertThat(callers.get(1))
			.matches("com\\.example\\.data\\.LoopController\\.query\\(LoopController\\.java:\\d+\\)");
	}

	@Test
	void statementsThatDifferInTheirLiteralsAreTheSame() {
		Sql sql = sql("/loop/literals?count=50", 1);
		assertThat(rows(sql)).hasSize(50);
		assertThat(sql.single().attribute("apm.db.repeated")).isEqualTo("50");
		assertThat(sql.single().attribute("db.query.text"))
			.isEqualTo("SELECT name FROM products WHERE name = ? AND id = ?");
	}

	@Test
	void loopWhoseBodyIsASpanHasOneGroupBesideTheBodies() {
		Sql sql = sql("/loop/profiled?count=40", 200, 1, 41);
		assertThat(sql.trace().spans()).filteredOn((span) -> span.name().equals("ProductReader.read")).hasSize(40);
		RecordedSpan group = sql.single();
		assertThat(group.attribute("apm.db.repeated")).isEqualTo("40");
		assertThat(group.parentId()).isEqualTo(sql.request().id());
	}

	@Test
	void lazyAssociationOfAnEntityIsOneGroup() {
		Sql sql = sql("/jpa/loop", 3);
		assertThat(rows(sql))
			.isEqualTo(plain("SELECT order_id, SUM(quantity) FROM order_lines GROUP BY order_id ORDER BY order_id"))
			.hasSize(40);
		RecordedSpan group = sql.named("SELECT order_lines");
		assertThat(group.attribute("apm.db.repeated")).isEqualTo("40");
		assertTimes(group);
		assertThat(callers(group).get(0)).startsWith("com.example.data.OrderSummary.quantities(OrderSummary.java:");
		assertThat(sql.named("SELECT orders").attribute("db.response.returned_rows")).isEqualTo("40");
		assertThat(sql.named("COMMIT").attribute("apm.db.repeated")).isNull();
	}

	@Test
	void thousandsOfRepetitionsAreOneGroupToo() {
		Sql sql = sql("/loop/query?count=5000", 1);
		assertThat(rows(sql)).hasSize(5000);
		assertThat(sql.single().attribute("apm.db.repeated")).isEqualTo("5000");
		assertTimes(sql.single());
		// More than a segment may have: what one span stands for takes no room.
		assertThat(this.caller.read(this.traces.text(sql.trace().id())).path("droppedSpans").longValue()).isZero();
	}

	@Test
	void repetitionsCountInTheNumbersOfTheStatement() {
		this.traces.settle();
		long before = count("SELECT name FROM products WHERE id = ?");
		sql("/loop/query?count=50", 1);
		assertThat(count("SELECT name FROM products WHERE id = ?") - before).isEqualTo(50);
	}

	private long count(String text) {
		JsonNode statements = this.caller.json("/apm/api/sql").path("statements");
		return StreamSupport.stream(statements.spliterator(), false)
			.filter((statement) -> statement.path("text").asText().equals(text))
			.mapToLong((statement) -> statement.path("count").longValue())
			.sum();
	}

	private static void assertTimes(RecordedSpan group) {
		long shortest = Long.parseLong(group.attribute("apm.db.repeated.min"));
		long longest = Long.parseLong(group.attribute("apm.db.repeated.max"));
		long count = Long.parseLong(group.attribute("apm.db.repeated"));
		assertThat(shortest).isPositive().isLessThanOrEqualTo(longest);
		// Rounded to microseconds.
		assertThat(group.duration() * 1000).isBetween(shortest * count - 1000, longest * count + 1000);
	}

	private static List<String> callers(RecordedSpan group) {
		return StreamSupport.stream(group.attributes().path("apm.db.callers").spliterator(), false)
			.map((caller) -> caller.asText())
			.toList();
	}

}
