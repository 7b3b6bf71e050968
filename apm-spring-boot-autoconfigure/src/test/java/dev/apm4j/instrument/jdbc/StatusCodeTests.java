package dev.apm4j.instrument.jdbc;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which of a failure's codes is shown.
 */
class StatusCodeTests {

	@ParameterizedTest
	@CsvSource({ "postgresql,42P01,0,42P01", "h2database,42S02,42102,42S02", "hsqldb,42501,-5501,42501",
			"derby,42Y07,30000,42Y07", "other_sql,42000,1071,42000", "other_sql,,1071,1071", "mysql,42000,1071,1071",
			"mysql,08S01,0,08S01", "mariadb,23000,1062,1062", "microsoft.sql_server,S0001,208,208",
			"ibm.db2,42704,-204,-204", "sqlite,,19,19", "oracle.db,42000,942,ORA-00942",
			"oracle.db,99999,17027,ORA-17027", "oracle.db,61000,600123,ORA-600123", "oracle.db,08006,0,08006" })
	void isTheMostSpecificThatTheDatabaseHas(String system, String state, int number, String expected) {
		assertThat(StatusCode.of(new SQLException("x", state, number), system)).isEqualTo(expected);
	}

	@Test
	void isThatOfWhatIsBehindIfItHasNone() {
		SQLException inner = new SQLException("x", "23505");
		assertThat(StatusCode.of(new SQLTimeoutException(inner), "postgresql")).isEqualTo("23505");
		assertThat(StatusCode.of(new IllegalStateException(inner), "postgresql")).isEqualTo("23505");
		BatchUpdateException batch = new BatchUpdateException(new int[0]);
		batch.setNextException(new SQLException("x", "", 1062));
		assertThat(StatusCode.of(batch, "mariadb")).isEqualTo("1062");
	}

	@Test
	void isNoneWithoutAnyAndACircleEnds() {
		assertThat(StatusCode.of(new IllegalStateException(), "mysql")).isNull();
		SQLException one = new SQLException("x", " ");
		SQLException other = new SQLException("x", "", 0, one);
		one.initCause(other);
		assertThat(StatusCode.of(one, "mysql")).isNull();
	}

}
