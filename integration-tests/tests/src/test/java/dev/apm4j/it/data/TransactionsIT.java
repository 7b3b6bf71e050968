package dev.apm4j.it.data;

import java.util.List;

import dev.apm4j.it.app.RecordedSpan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Commits and rollbacks are spans of their own, where they happen.
 */
class TransactionsIT extends DataTests {

	TransactionsIT(DataApplications.Shared shared) {
		super(shared);
	}

	@Test
	void transactionThatSucceedsEndsWithACommit() {
		Sql sql = sql("/transaction/commit?run=" + this.run, 3);
		assertThat(sql.names()).containsExactly("INSERT notes", "UPDATE customers", "COMMIT");
		assertThat(count("zzcommit-")).isEqualTo("1");
		assertBelowRequest(sql);
	}

	@Test
	void transactionThatFailsEndsWithARollback() {
		Sql sql = sql("/transaction/rollback?run=" + this.run, 2);
		assertThat(rows(sql)).containsExactly("rolled back");
		assertThat(sql.names()).containsExactly("INSERT notes", "ROLLBACK");
		assertThat(count("zzrollback-")).isEqualTo("0");
		// The statements succeeded; what failed is the application.
		assertBelowRequest(sql);
	}

	@Test
	void rollbackToASavepointIsOneToo() {
		Sql sql = sql("/transaction/savepoint?run=" + this.run, 4);
		assertThat(sql.names()).hasSize(4).startsWith("INSERT notes", "INSERT notes").endsWith("COMMIT");
		assertThat(sql.names().get(2)).startsWith("ROLLBACK");
		assertThat(count("zzsavepoint-")).isEqualTo("1");
		assertBelowRequest(sql);
	}

	private String count(String body) {
		List<String> rows = plain("SELECT COUNT(*) FROM notes WHERE body LIKE '" + body + this.run + "%'");
		assertThat(rows).hasSize(1);
		return rows.get(0);
	}

	private static void assertBelowRequest(Sql sql) {
		assertThat(sql.spans()).allSatisfy((span) -> assertThat(span.parentId()).isEqualTo(sql.request().id()))
			.noneMatch(RecordedSpan::failed);
		assertThat(sql.request().failed()).isFalse();
		assertThat(sql.spans()).filteredOn((span) -> span.name().equals("COMMIT")).allSatisfy((commit) -> {
			assertThat(commit.attribute("db.operation.name")).isEqualTo("COMMIT");
			assertThat(commit.attribute("db.response.returned_rows")).isNull();
		});
	}

}
