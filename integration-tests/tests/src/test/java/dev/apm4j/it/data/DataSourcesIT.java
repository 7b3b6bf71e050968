package dev.apm4j.it.data;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.RecordedSpan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Data sources stay what they were, and where one leads to another a statement is still
 * one span.
 */
class DataSourcesIT extends DataTests {

	DataSourcesIT(DataApplications.Shared shared) {
		super(shared);
	}

	@Test
	void whatComesFromADataSourceIsStillTrueOfIt() {
		JsonNode facts = this.caller.json("/data-sources/facts");
		assertThat(facts).isNotEmpty();
		facts.properties().forEach((fact) -> assertThat(fact.getValue().asBoolean()).as(fact.getKey()).isTrue());
	}

	@Test
	void poolsAreMeasuredAsBefore() {
		for (String pool : List.of("main", "archive")) {
			JsonNode meter = this.caller.json("/actuator/metrics/hikaricp.connections?tag=pool:" + pool);
			assertThat(meter.path("measurements").path(0).path("value").asInt()).as(pool).isPositive();
		}
		assertThat(this.caller.json("/actuator/metrics/jdbc.connections.max").path("measurements")).isNotEmpty();
	}

	@Test
	void routedAndLazyConnectionIsTracedOnce() {
		Sql sql = sql("/data-sources/main", 2);
		assertThat(rows(sql)).isEqualTo(plain("SELECT name FROM customers WHERE city = 'zzcity' ORDER BY id"));
		assertThat(sql.names()).containsExactly("SELECT customers", "COMMIT");
		assertThat(sql.spans()).allSatisfy((span) -> assertThat(span.attribute("db.namespace"))
			.isEqualTo(this.shared.deployment().databaseName()));
	}

	@Test
	void spansAreAboutTheDatabaseThatWasChosen() {
		Sql sql = sql("/data-sources/archive", 2);
		assertThat(rows(sql)).isEmpty();
		assertThat(sql.spans()).extracting((span) -> span.attribute("db.namespace")).containsOnly("archive");
		assertThat(sql.names()).last().isEqualTo("COMMIT");
	}

	@Test
	void transactionWithoutStatementsLeavesNothing() {
		Sql sql = sql("/data-sources/nothing", 0);
		assertThat(sql.trace().spans()).noneMatch(RecordedSpan::failed);
	}

	@Test
	void migrationAndSchemaChecksAtTheStartAreNoTraces() {
		this.traces.settle();
		assertThat(this.traces.list("limit=500")).isNotEmpty()
			.extracting((trace) -> trace.path("name").textValue())
			.allMatch((name) -> name.startsWith("GET "));
	}

	@Test
	void startUpLogHasNoWarnings() {
		assertThat(this.shared.application().log()).doesNotContain("is not eligible for getting processed")
			.contains("Successfully applied 2 migrations");
	}

}
