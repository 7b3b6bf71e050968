package dev.apm4j.it.data;

import java.util.List;

import dev.apm4j.it.app.RecordedSpan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Data JDBC, JPA with Hibernate, jOOQ and MyBatis: the same results as without
 * tracing, and each statement once.
 */
class FrameworksIT extends DataTests {

	private static final String CUSTOMERS = "SELECT id, name FROM customers WHERE city = 'zzcity' ORDER BY id";

	FrameworksIT(DataApplications.Shared shared) {
		super(shared);
	}

	@Test
	void springDataJdbcSavesAnAggregate() {
		Sql sql = sql("/spring-data-jdbc/save", 3);
		assertThat(plain("SELECT product FROM wishlist_item WHERE wishlist = " + sql.body() + " ORDER BY product"))
			.containsExactly("zzcup", "zzpot", "zztea");
		assertThat(names(sql)).last().isEqualTo("commit");
		assertThat(names(sql).get(0)).isEqualTo("insert wishlist");
		assertThat(names(sql).get(1)).contains("insert").contains("wishlist_item");
		assertThat(sql.spans().get(1).attribute("db.operation.batch.size")).isEqualTo("3");
		assertHealthy(sql);
	}

	@Test
	void springDataJdbcReadsAnAggregate() {
		String id = sql("/spring-data-jdbc/save", 3).body();
		Sql sql = sql("/spring-data-jdbc/find?id=" + id, 3);
		assertThat(rows(sql)).containsExactly("zzcup", "zzpot", "zztea");
		assertThat(names(sql)).containsExactly("select wishlist", "select wishlist_item", "commit");
		assertThat(sql.spans().get(1).attribute("db.response.returned_rows")).isEqualTo("3");
		assertHealthy(sql);
	}

	@Test
	void springDataJdbcRunsAQueryOfItsOwn() {
		// Without a transaction, since the interface asks for none.
		Sql sql = sql("/spring-data-jdbc/query", 1);
		assertThat(rows(sql)).isEqualTo(plain("SELECT name FROM customers WHERE city = 'zzcity' ORDER BY id"));
		assertThat(names(sql)).containsExactly("select customers");
		assertHealthy(sql);
	}

	@Test
	void jpaFindsAnEntity() {
		Sql sql = sql("/jpa/find", 2);
		assertThat(rows(sql)).isEqualTo(plain("SELECT id, status FROM orders WHERE id = 7"));
		assertThat(names(sql)).containsExactly("select orders", "commit");
		assertThat(sql.spans().get(0).attribute("db.response.returned_rows")).isEqualTo("1");
		assertHealthy(sql);
	}

	@Test
	void jpaSavesAnEntity() {
		Sql sql = sql("/jpa/save?run=" + this.run, 2);
		assertThat(List.of(sql.body())).isEqualTo(plain("SELECT id FROM notes WHERE body = 'zzjpa-" + this.run + "'"));
		assertThat(names(sql)).containsExactly("insert notes", "commit");
		assertHealthy(sql);
	}

	@Test
	void jpaRollsBackWhatTheDatabaseRefuses() {
		Sql sql = sql("/jpa/too-long", 2);
		assertThat(rows(sql)).hasSize(4);
		assertThat(names(sql)).containsExactly("insert notes", "rollback");
		assertThat(sql.trace().spans()).filteredOn(RecordedSpan::failed).containsExactly(sql.spans().get(0));
	}

	@Test
	void jooqReads() {
		Sql sql = sql("/jooq/query", 1);
		assertThat(rows(sql)).isEqualTo(plain(CUSTOMERS));
		assertThat(names(sql)).containsExactly("select customers");
		assertThat(sql.single().attribute("db.response.returned_rows")).isEqualTo("2");
		assertHealthy(sql);
	}

	@Test
	void jooqWritesInATransaction() {
		Sql sql = sql("/jooq/transaction?run=" + this.run, 2);
		assertThat(sql.body()).isEqualTo("1");
		assertThat(plain("SELECT COUNT(*) FROM notes WHERE body = 'zzjooq-" + this.run + "'")).containsExactly("1");
		assertThat(names(sql)).containsExactly("insert notes", "commit");
		assertHealthy(sql);
	}

	@Test
	void jooqWritesABatch() {
		Sql sql = sql("/jooq/batch", 1);
		assertThat(rows(sql)).containsExactly("2", "0");
		assertThat(sql.single().attribute("db.operation.batch.size")).isEqualTo("2");
		assertHealthy(sql);
	}

	@Test
	void myBatisReads() {
		Sql sql = sql("/mybatis/query", 1);
		assertThat(rows(sql)).isEqualTo(plain(CUSTOMERS));
		assertThat(names(sql)).containsExactly("select customers");
		assertHealthy(sql);
	}

	@Test
	void myBatisWritesAndReadsTheKey() {
		Sql sql = sql("/mybatis/insert?run=" + this.run, 1);
		assertThat(List.of(sql.body()))
			.isEqualTo(plain("SELECT id FROM notes WHERE body = 'zzmybatis-" + this.run + "'"));
		assertThat(names(sql)).containsExactly("insert notes");
		assertHealthy(sql);
	}

	private List<String> names(Sql sql) {
		return sql.names().stream().map(DataTests::plainName).toList();
	}

	private static void assertHealthy(Sql sql) {
		assertThat(sql.spans()).allSatisfy((span) -> assertThat(span.parentId()).isEqualTo(sql.request().id()))
			.noneMatch(RecordedSpan::failed);
	}

}
