package dev.apm4j.instrument.jdbc;

import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Statements of any shape with values of any form: a fixed seed for each dialect, so that
 * a failure comes again.
 */
class SqlGeneratedStatementTests {

	private static final int STATEMENTS = 400;

	@ParameterizedTest
	@EnumSource
	void noValueIsShownNamesAreAndOtherValuesMakeNoDifference(SqlDialect dialect) {
		SqlSanitizer sanitizer = new SqlSanitizer(dialect, 100_000);
		Random random = new Random(dialect.ordinal());
		for (int i = 0; i < STATEMENTS; i++) {
			SqlStatementGenerator.Skeleton skeleton = SqlStatementGenerator.next(dialect, random);
			String first = skeleton.write(random);
			SqlStatement statement = sanitizer.sanitize(first);
			assertNoMark(first, statement);
			assertThat(sanitizer.sanitize(statement.text()).text()).as(first).isEqualTo(statement.text());
			for (int j = 0; j < 4; j++) {
				String other = skeleton.write(random);
				assertNoMark(other, new SqlSanitizer(SqlDialect.UNKNOWN).sanitize(other));
				if (dialect != SqlDialect.REDSHIFT && dialect != SqlDialect.UNKNOWN) {
					assertThat(sanitizer.sanitize(other)).as(first + "\n---\n" + other).isEqualTo(statement);
				}
				else {
					assertNoMark(other, sanitizer.sanitize(other));
				}
			}
			if (!statement.shortened()) {
				assertThat(skeleton.names()).as(first).allMatch(statement.text()::contains);
			}
		}
	}

	private static void assertNoMark(String sql, SqlStatement statement) {
		assertThat(statement.text() + statement.summary()).as(sql)
			.doesNotContain(SqlStatementGenerator.MARK, SqlStatementGenerator.NUMBER_MARK);
	}

}
