package dev.apm4j.it.data;

import java.util.Collections;
import java.util.List;

import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.database.Database;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Statements of all sorts through {@code JdbcTemplate} and {@code JdbcClient}.
 */
class StatementsIT extends DataTests {

	StatementsIT(DataApplications.Shared shared) {
		super(shared);
	}

	@Test
	void preparedQueryIsOneSpanBelowTheRequest() {
		Sql sql = sql("/jdbc-template/query", 1);
		assertThat(rows(sql))
			.isEqualTo(plain("SELECT id, name FROM customers WHERE city = 'zzcity' AND name <> 'zz' ORDER BY id"))
			.hasSize(2);
		RecordedSpan span = sql.single();
		assertThat(span.name()).isEqualTo("SELECT customers");
		assertThat(span.parentId()).isEqualTo(sql.request().id());
		assertThat(span.attribute("db.operation.name")).isEqualTo("SELECT");
		assertThat(span.attribute("db.collection.name")).isEqualTo("customers");
		assertThat(span.attribute("db.query.text"))
			.isEqualTo("SELECT id, name FROM customers WHERE city = ? AND name <> ? ORDER BY id");
		assertThat(span.attribute("db.response.returned_rows")).isEqualTo("2");
		assertThat(span.failed()).isFalse();
	}

	@Test
	void statementWithLiteralsLosesThem() {
		Sql sql = sql("/jdbc-template/statement", 1);
		assertThat(rows(sql)).isEqualTo(plain("SELECT name FROM customers WHERE city = 'zzcity' ORDER BY id"));
		assertThat(sql.single().attribute("db.query.text"))
			.isEqualTo("SELECT name FROM customers WHERE city = ? AND id < ? ORDER BY id");
	}

	@Test
	void updateTellsHowManyRowsItChanged() {
		Sql sql = sql("/jdbc-template/update", 1);
		RecordedSpan span = sql.single();
		assertThat(sql.body()).isEqualTo("2");
		assertThat(span.name()).isEqualTo("UPDATE customers");
		assertThat(span.attribute("apm.db.affected_rows")).isEqualTo("2");
		assertThat(span.attribute("db.response.returned_rows")).isNull();
	}

	@Test
	void namedParametersOfAListAreOneText() {
		Sql sql = sql("/jdbc-client/query", 1);
		assertThat(rows(sql))
			.isEqualTo(plain("SELECT c.name, COUNT(o.id) FROM customers c JOIN orders o ON o.customer_id = c.id "
					+ "WHERE c.id IN (1, 2) GROUP BY c.name ORDER BY c.name"))
			.hasSize(2);
		assertThat(sql.single().name()).isEqualTo("SELECT customers");
		assertThat(sql.single().attribute("db.query.text")).contains("IN (?)").contains("o.status = ?");
	}

	@Test
	void batchIsOneSpanWithItsSize() {
		Sql sql = sql("/jdbc-template/batch?size=25&run=" + this.run, 1);
		assertThat(rows(sql)).isEqualTo(Collections.nCopies(25, "1"));
		assertThat(plain("SELECT COUNT(*) FROM notes WHERE body LIKE 'zzbatch-" + this.run + "-%'"))
			.containsExactly("25");
		RecordedSpan span = sql.single();
		assertThat(span.name()).isEqualTo("BATCH INSERT notes");
		assertThat(span.attribute("db.operation.batch.size")).isEqualTo("25");
		assertThat(span.attribute("db.query.text")).isEqualTo("INSERT INTO notes (body) VALUES (?)");
	}

	@Test
	void batchOfOneIsAnOrdinaryStatement() {
		Sql sql = sql("/jdbc-template/batch?size=1&run=" + this.run, 1);
		assertThat(rows(sql)).containsExactly("1");
		assertThat(sql.single().name()).isEqualTo("INSERT notes");
		assertThat(sql.single().attribute("db.operation.batch.size")).isNull();
	}

	@Test
	void batchOfDifferentStatementsIsOneSpan() {
		Sql sql = sql("/jdbc-template/mixed-batch", 1);
		assertThat(rows(sql)).containsExactly("2", "0");
		assertThat(sql.single().attribute("db.operation.batch.size")).isEqualTo("2");
		assertThat(sql.single().attribute("db.query.text")).contains("UPDATE customers SET name = name WHERE city = ?");
	}

	@Test
	void generatedKeyIsReturned() {
		Sql sql = sql("/jdbc-template/keys?run=" + this.run, 1);
		assertThat(rows(sql)).isEqualTo(plain("SELECT id FROM notes WHERE body = 'zzkey-" + this.run + "'")).hasSize(1);
		RecordedSpan span = sql.single();
		assertThat(span.name()).isEqualTo("INSERT notes");
		assertThat(span.attribute("apm.db.affected_rows")).isEqualTo("1");
		assertThat(span.attribute("db.response.returned_rows")).as("keys aren't rows").isNull();
	}

	@Test
	void generatedKeyOfAJdbcClientIsReturned() {
		Sql sql = sql("/jdbc-client/insert?run=" + this.run, 1);
		assertThat(List.of(sql.body()))
			.isEqualTo(plain("SELECT id FROM notes WHERE body = 'zzclient-" + this.run + "'"));
		assertThat(sql.single().name()).isEqualTo("INSERT notes");
	}

	@Test
	void storedFunctionIsCalled() {
		Sql sql = sql("/jdbc-template/function", 1);
		assertThat(rows(sql)).isEqualTo(plain("SELECT SUM(quantity) FROM order_lines WHERE order_id = 7"));
		assertThat(sql.single().name()).isEqualTo("CALL order_quantity");
		assertThat(sql.single().attribute("db.operation.name")).isEqualTo("CALL");
	}

	@Test
	void storedProcedureIsCalled() {
		RecordedSpan span = sql("/jdbc-template/procedure", 1).single();
		assertThat(plain("SELECT MIN(stock) FROM products")).containsExactly("100");
		assertThat(span.name()).isEqualTo("CALL restock");
		assertThat(span.attribute("db.stored_procedure.name")).isEqualTo("restock");
		assertThat(span.attribute("db.query.text")).isEqualTo("CALL restock(?)");
	}

	@Test
	void streamedResultIsOneSpanWithAllItsRows() {
		Sql sql = sql("/stream/all", 2);
		assertThat(rows(sql)).isEqualTo(List.of("100000|450000"));
		assertThat(plain("SELECT COUNT(*), SUM(amount) FROM readings")).containsExactly("100000|450000");
		assertThat(sql.names()).containsExactly("SELECT readings", "COMMIT");
		assertThat(sql.spans().get(0).attribute("db.response.returned_rows")).isEqualTo("100000");
	}

	@Test
	void resultThatIsLeftEarlyHasTheRowsThatWereRead() {
		Sql sql = sql("/stream/some", 2);
		assertThat(rows(sql)).isEqualTo(plain("SELECT id, amount FROM readings WHERE id < 10 ORDER BY id"));
		assertThat(sql.spans().get(0).attribute("db.response.returned_rows")).isEqualTo("10");
	}

	@Test
	void timesFitIntoTheRequest() {
		Sql sql = sql("/jdbc-template/multi", 2);
		RecordedSpan request = sql.request();
		assertThat(sql.spans()).allSatisfy((span) -> {
			assertThat(span.duration()).isNotNegative();
			// Rounded to microseconds at both ends.
			assertThat(span.start()).isGreaterThanOrEqualTo(request.start() - 1);
			assertThat(span.start() + span.duration()).isLessThanOrEqualTo(request.start() + request.duration() + 1);
		});
		RecordedSpan first = sql.spans().get(0);
		assertThat(first.start() + first.duration()).isLessThanOrEqualTo(sql.spans().get(1).start() + 1);
	}

	@Test
	void failingStatementHasTheErrorAndNothingElse() {
		Sql sql = sql("/jdbc-template/unknown-table", 3);
		assertThat(rows(sql)).isEqualTo(plain("SELECT name FROM no_such_table WHERE name = 'zzliteral'")).hasSize(4);
		assertFailure(sql, "SELECT no_such_table");
	}

	@Test
	void violatedConstraintHasTheErrorAndNothingElse() {
		Sql sql = sql("/jdbc-template/duplicate", 3);
		assertThat(rows(sql))
			.isEqualTo(plain("INSERT INTO customers (id, name, city) VALUES (1, 'zzliteral', 'zzcity')"))
			.hasSize(4);
		assertFailure(sql, "INSERT customers");
		assertThat(plain("SELECT COUNT(*) FROM customers")).containsExactly("3");
	}

	private void assertFailure(Sql sql, String name) {
		assertThat(sql.names()).containsExactly("SELECT customers", name, "SELECT customers");
		RecordedSpan failed = sql.spans().get(1);
		assertThat(failed.failed()).isTrue();
		assertThat(failed.error().isObject()).isTrue();
		// Class, SQLSTATE and the vendor's code of the driver's exception.
		String code = rows(sql).get((database() == Database.MARIADB) ? 2 : 1);
		assertThat(failed.attribute("db.response.status_code")).isEqualTo(code);
		assertThat(failed.attribute("error.type")).isEqualTo(code);
		assertThat(sql.trace().spans()).filteredOn(RecordedSpan::failed).containsExactly(failed);
	}

	@Test
	void errorThatNobodyCatchesFailsTheRequestToo() {
		Sql sql = sql("/jdbc-template/uncaught", 500, 1, 1);
		assertThat(sql.single().failed()).isTrue();
		assertThat(sql.request().failed()).isTrue();
	}

	@Test
	void passwordOfTheConnectionIsNowhere() {
		sql("/jdbc-template/query", 1);
		if (database() != Database.H2) {
			// Its user's password begins with what assertions look for in each trace.
			assertThat(this.caller.get("/actuator/apm").body()).doesNotContain("zzpassword");
		}
	}

}
