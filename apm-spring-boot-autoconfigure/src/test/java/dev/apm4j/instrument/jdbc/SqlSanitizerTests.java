package dev.apm4j.instrument.jdbc;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.management.ThreadMXBean;
import dev.apm4j.instrument.jdbc.SqlStatementTable.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left of statements, and that nothing is left of their values.
 */
class SqlSanitizerTests {

	private static final int TEN_MEGABYTES = 10_000_000;

	private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]{3,}");

	static List<Entry> entries() {
		return SqlStatementTable.entries();
	}

	@Test
	void tableIsLong() {
		assertThat(entries()).hasSizeGreaterThan(200);
	}

	@ParameterizedTest
	@MethodSource("entries")
	void textOperationAndTable(Entry entry) {
		SqlStatement statement = sanitize(entry);
		assertThat(statement.text()).isEqualTo(entry.expected());
		assertThat(statement.operation()).isEqualTo(entry.operation());
		assertThat(statement.collection()).isEqualTo(entry.table());
	}

	@ParameterizedTest
	@MethodSource("entries")
	void noLiteralIsLeft(Entry entry) {
		assertNothingLeft(entry, sanitize(entry));
	}

	@ParameterizedTest
	@MethodSource("entries")
	void otherValuesGiveTheSameStatement(Entry entry) {
		SqlStatement expected = sanitize(entry);
		Random random = new Random(entry.expected().hashCode());
		for (int i = 0; i < 50; i++) {
			Entry other = entry.withOtherValues(random);
			SqlStatement statement = sanitize(other);
			assertThat(statement).as(other.toString()).isEqualTo(expected);
			assertNothingLeft(other, statement);
		}
	}

	/** Somebody may have told us the wrong database, or none. */
	@ParameterizedTest
	@MethodSource("entries")
	void unknownDatabaseShowsNoLiteralOfAnyOther(Entry entry) {
		Random random = new Random(entry.expected().hashCode());
		for (int i = 0; i < 20; i++) {
			Entry other = entry.withOtherValues(random);
			assertNothingLeft(other, new SqlSanitizer(SqlDialect.UNKNOWN).sanitize(other.sql()));
		}
	}

	/** A sanitised text has no values any more that could be taken out. */
	@ParameterizedTest
	@MethodSource("entries")
	void sanitisedTextStaysWhatItIs(Entry entry) {
		String once = sanitize(entry).text();
		assertThat(new SqlSanitizer(entry.dialect()).sanitize(once).text()).isEqualTo(once);
	}

	@ParameterizedTest
	@MethodSource("entries")
	void everyPrefixIsSafeToo(Entry entry) {
		Entry other = entry.withOtherValues(new Random(entry.expected().hashCode()));
		String sql = other.sql();
		for (int length = 0; length < sql.length(); length++) {
			assertNothingLeft(other, new SqlSanitizer(entry.dialect()).sanitize(sql.substring(0, length)));
		}
	}

	private static SqlStatement sanitize(Entry entry) {
		return new SqlSanitizer(entry.dialect()).sanitize(entry.sql());
	}

	private static void assertNothingLeft(Entry entry, SqlStatement statement) {
		String shown = statement.text() + " " + statement.summary();
		for (String literal : entry.literals()) {
			Matcher words = WORD.matcher(literal);
			while (words.find()) {
				if (!words.group().equalsIgnoreCase("TRUE") && !words.group().equalsIgnoreCase("FALSE")) {
					assertThat(shown).as(entry.toString()).doesNotContain(words.group());
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 16, 40, 100, 1000 })
	void textIsBounded(int limit) {
		String columns = "column_name, ".repeat(500);
		SqlStatement statement = new SqlSanitizer(SqlDialect.STANDARD, limit)
			.sanitize("SELECT " + columns + "last FROM orders WHERE a = 'secret'");
		assertThat(statement.text()).hasSizeLessThanOrEqualTo(limit).startsWith("SELECT").endsWith(" ...");
		assertThat(statement.summary()).isEqualTo("SELECT orders");
		assertThat(statement.shortened()).isTrue();
	}

	@Test
	void listThatIsLongerThanTheLimitIsStillOneValue() {
		String sql = "SELECT * FROM orders WHERE id IN (" + "1234567, ".repeat(100_000) + "1) AND name = 'x'";
		assertThat(new SqlSanitizer(SqlDialect.STANDARD).sanitize(sql).text())
			.isEqualTo("SELECT * FROM orders WHERE id IN (?) AND name = ?");
	}

	@Test
	void rowsThatAreLongerThanTheLimitAreStillOneRow() {
		String sql = "INSERT INTO orders (a, b) VALUES " + "(1, 'one'), ".repeat(100_000) + "(2, 'two') RETURNING id";
		assertThat(new SqlSanitizer(SqlDialect.STANDARD).sanitize(sql).text())
			.isEqualTo("INSERT INTO orders (a, b) VALUES (?, ?) RETURNING id");
	}

	@Test
	void lengthOfAListDoesNotMatterAtTheLimit() {
		for (int padding = 3900; padding < 4200; padding++) {
			String head = "SELECT " + "x".repeat(padding) + " FROM orders WHERE id IN (";
			SqlSanitizer sanitizer = new SqlSanitizer(SqlDialect.STANDARD);
			assertThat(sanitizer.sanitize(head + "1)")).isEqualTo(sanitizer.sanitize(head + "1, 2, 3, 4, 5, 6, 7)"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "'", "\"", "`", "[", "(", ")", "((((", "----", "/*", "/*/*", "*/", "$", "$$", "$a$b", "$a",
			"#", "\\", "\\'", "''", "-", "- ", "+-", ".", "..", "1", "1.", "1e+", "a", "a.", "?", "?,", "(?),", "(?,",
			"IN (", "IN (1,", "VALUES (", "VALUES (1),", "q'[", "E'", ",", ";", ":", "::", "@", "{", "{d '", "x ", "\n",
			"\0", "\ud83d", "[',", "FROM ", "FROM (", "SELECT ", "WITH ", "WITH a AS (", "JOIN a ", "/*!", "'\\",
			"U&\"", "é", "ARRAY[", "--'\n", "#x\n", "PASSWORD ", "BEGIN ", "a(1)," })
	void tenMegabytesOfAnythingEnd(String nasty) {
		for (SqlDialect dialect : SqlDialect.values()) {
			int length = (dialect == SqlDialect.POSTGRESQL) ? TEN_MEGABYTES : TEN_MEGABYTES / 50;
			String sql = "SELECT a FROM orders WHERE b = 'secret' AND c = " + nasty.repeat(length / nasty.length());
			SqlStatement statement = new SqlSanitizer(dialect).sanitize(sql);
			assertThat(statement.text()).hasSizeLessThanOrEqualTo(SqlSanitizer.DEFAULT_LIMIT)
				.startsWith("SELECT a FROM orders WHERE b = ?")
				.doesNotContain("secret");
			assertThat(statement.summary()).isEqualTo("SELECT orders");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "(", "((SELECT ", "a, ", "1, ", "/*", "'", "FROM (", "x.", "WITH a AS (" })
	void tenMegabytesWithoutATableEnd(String nasty) {
		SqlStatement statement = new SqlSanitizer(SqlDialect.POSTGRESQL)
			.sanitize("SELECT " + nasty.repeat(TEN_MEGABYTES / nasty.length()));
		assertThat(statement.operation()).isEqualTo("SELECT");
		assertThat(statement.text()).hasSizeLessThanOrEqualTo(SqlSanitizer.DEFAULT_LIMIT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1, ", "(", "a + ", "'x' || ", "FROM (SELECT ", "VALUES (1), ", "x AS y, ", "password " })
	void memoryDoesNotDependOnTheLength(String nasty) {
		String sql = "SELECT " + nasty.repeat(TEN_MEGABYTES / nasty.length());
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		SqlSanitizer sanitizer = new SqlSanitizer(SqlDialect.POSTGRESQL);
		sanitizer.sanitize(sql);
		long before = threads.getCurrentThreadAllocatedBytes();
		SqlStatement statement = sanitizer.sanitize(sql);
		long allocated = threads.getCurrentThreadAllocatedBytes() - before;
		assertThat(statement.text()).startsWith("SELECT");
		assertThat(allocated).isLessThan(1_000_000);
	}

	@ParameterizedTest
	@EnumSource
	void garbageNeverThrows(SqlDialect dialect) {
		String alphabet = "'\"`[](){}$#@:;,.?!*/\\-+=<>|&%~^ \n\t\0azq01_eExXnNuUéß\ud83d";
		List<String> words = List.of("SELECT ", "FROM ", "VALUES", " IN (", "WITH ", " AS (", "DATE '", "{d '", "q'[",
				"$$", "$a$", "/*", "*/", "--", "'''", "INSERT INTO ", "PASSWORD ", "IDENTIFIED BY ", "ROW", "NULL",
				"TRUE", "JOIN ");
		Random random = new Random(dialect.ordinal());
		SqlSanitizer sanitizer = new SqlSanitizer(dialect, 64);
		for (int i = 0; i < 5_000; i++) {
			StringBuilder garbage = new StringBuilder();
			for (int j = random.nextInt(60); j > 0; j--) {
				if (random.nextInt(4) == 0) {
					garbage.append(words.get(random.nextInt(words.size())));
				}
				else {
					garbage.append(alphabet.charAt(random.nextInt(alphabet.length())));
				}
			}
			String sql = garbage.toString();
			SqlStatement statement = sanitizer.sanitize(sql);
			assertThat(statement.text()).hasSizeLessThanOrEqualTo(64);
			assertThat(sanitizer.parameterNames(sql)).hasSizeLessThanOrEqualTo(64);
		}
	}

	/** Valid quotations of one dialect in any order, read by that dialect or by none. */
	@ParameterizedTest
	@EnumSource
	void nothingInQuotationsIsShown(SqlDialect dialect) {
		List<String> quotations = quotations(dialect);
		Random random = new Random(dialect.ordinal());
		for (int i = 0; i < 5_000; i++) {
			StringBuilder sql = new StringBuilder("SELECT a FROM t WHERE ");
			List<String> secrets = new ArrayList<>();
			for (int j = 1 + random.nextInt(6); j > 0; j--) {
				String secret = "zq" + random.nextInt(1_000_000) + "zq";
				secrets.add(secret);
				sql.append(" x = ").append(quotations.get(random.nextInt(quotations.size())).replace("S", secret));
			}
			for (SqlDialect reader : List.of(dialect, SqlDialect.UNKNOWN)) {
				String text = new SqlSanitizer(reader).sanitize(sql.toString()).text();
				assertThat(secrets).as(sql.toString()).noneMatch(text::contains);
			}
		}
	}

	private static List<String> quotations(SqlDialect dialect) {
		List<String> all = new ArrayList<>(
				List.of("'S'", "'it''s S'", "''''", "'\"S'", "'-- S'", "'/* S'", "N'S'", "/* S */ 1", "/* S' */ 1",
						"/* \"S */ 1", "'a' -- S\n", "'a' -- it's S\n", "'#S'", "'[S'", "'`S'", "'$$ S'", "'S ]'"));
		switch (dialect) {
			case POSTGRESQL -> all.addAll(List.of("'S\\'", "E'\\'S'", "E'\\\\' || 'S'", "$$S'$$", "$a$S' $$ $a$",
					"/* /* S */ ' S */ 1", "U&'S'", "E'\\S'", "$_1$S\"$_1$"));
			case REDSHIFT -> all.addAll(List.of("'\\'S'", "'S\\\\'", "$$S'$$", "E'\\'S'"));
			case MYSQL -> all.addAll(List.of("'\\'S'", "\"S\"", "\"it's S\"", "\"\\\"S\"", "\"a\"\"S\"", "# it's S\n 1",
					"_utf8'S'", "'\\\\S'", "/*! 'S' */ 1", "/*!50000 S */ 1", "1--1 + 'S'", "'\\\\' 'S'"));
			case ORACLE -> all.addAll(List.of("q'[it's S]'", "Q'!S'!'", "nq'{S}'", "q'(S)'", "'S\\'", "q'\"it's S\"'"));
			case SQL_SERVER ->
				all.addAll(List.of("'S\\'", "[it's] + 'S'", "[a]]'b] + 'S'", "/* /* S */ ' S */ 1", "#t + 'S'"));
			case H2 -> all.addAll(List.of("1 // it's S\n", "$$S'$$", "'S\\'", "/* /* S */ ' S */ 1"));
			case SQLITE -> all.addAll(List.of("\"S\"", "'S\\'", "[it's] + 'S'", "x'S'"));
			case CLICKHOUSE -> all.addAll(List.of("'\\'S'", "'\\\\S'", "$a$S'$a$", "`a\\`'` + 'S'"));
			default -> all.addAll(List.of("'S\\'", "X'S'"));
		}
		return all;
	}

	/** The text is all there is, and it makes no sense in the default mode. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
			MYSQL      | SELECT a FROM t WHERE b = 'zq\\' AND c = 'zq' AND d = 1
			MYSQL      | SELECT a FROM t WHERE b = 'zq\\' AND c = 'zq' AND d = 'zq\\' AND e = 'zq'
			MYSQL      | SELECT a FROM t WHERE b = 'zq\\' AND c = 'zq -- zq' AND d = 1
			MYSQL      | SELECT a FROM t WHERE b = 'zq\\' AND c = 'zq # zq'
			MYSQL      | SELECT a FROM t WHERE b = 'x' ESCAPE '\\'zq'
			MYSQL      | SELECT a FROM t WHERE b = "zq\\" AND c = "zq"
			POSTGRESQL | SELECT a FROM t WHERE b = 'it\\'s zq' AND c = 1
			POSTGRESQL | SELECT a FROM t WHERE b = 'it\\'s zq' AND c = 'it\\'s zq'
			POSTGRESQL | SELECT a FROM t WHERE b = 'it\\'s zq -- zq'
			POSTGRESQL | SELECT a FROM t WHERE b = '\\'' AND c = 'zq'
			POSTGRESQL | SELECT a FROM t WHERE b = 'x' ESCAPE '\\'zq'
			UNKNOWN    | SELECT a FROM t WHERE b = 'x' ESCAPE '\\'zq'
			""")
	void textOfADatabaseInAnotherModeEndsWhereItIsDoubtful(SqlDialect dialect, String sql) {
		SqlStatement statement = new SqlSanitizer(dialect).sanitize(sql);
		assertThat(statement.text()).startsWith("SELECT a FROM t WHERE b = ?").endsWith(" ...").doesNotContain("zq");
		assertThat(statement.summary()).isEqualTo("SELECT t");
		String longer = sql.replace("a FROM", "a" + ", column_name".repeat(300) + " FROM") + " AND f = 1".repeat(2000);
		assertThat(text(dialect, longer)).doesNotContain("zq");
	}

	@Test
	void backslashThatIsReadByTheDefaultLosesNothing() {
		assertThat(
				text(SqlDialect.MYSQL, "SELECT 'it\\'s', \\N /* a */ FROM t WHERE b LIKE 'x' ESCAPE '\\' AND c = 'd'"))
			.isEqualTo("SELECT ?, \\N FROM t WHERE b LIKE ? ESCAPE ? AND c = ?");
		assertThat(text(SqlDialect.POSTGRESQL,
				"SELECT 'C:\\', E'it\\'s' /* a */ FROM t WHERE b LIKE 'x' ESCAPE '\\' AND c = 'd'"))
			.isEqualTo("SELECT ?, ? FROM t WHERE b LIKE ? ESCAPE ? AND c = ?");
	}

	@Test
	void dataBehindAStatementIsLeftOut() {
		assertThat(text(SqlDialect.POSTGRESQL, "COPY t (a, b) FROM STDIN;\n77\tzq\n\\.\n"))
			.isEqualTo("COPY t (a, b) FROM STDIN; ...");
		assertThat(text(SqlDialect.POSTGRESQL, "COPY t FROM STDIN WITH CSV;\n"))
			.isEqualTo("COPY t FROM STDIN WITH CSV;");
		assertThat(text(SqlDialect.CLICKHOUSE, "INSERT INTO t (a) FORMAT JSONEachRow {\"a\":zq}"))
			.isEqualTo("INSERT INTO t (a) FORMAT JSONEachRow ...");
		assertThat(text(SqlDialect.CLICKHOUSE, "INSERT INTO t (format, a) FORMAT Values (1, 'zq')"))
			.isEqualTo("INSERT INTO t (format, a) FORMAT Values (?, ?)");
		assertThat(text(SqlDialect.CLICKHOUSE, "INSERT INTO t SELECT format, a FROM b FORMAT CSV"))
			.isEqualTo("INSERT INTO t SELECT format, a FROM b FORMAT CSV");
	}

	@Test
	void commentThatSomeVersionsRunIsNotShownWhereItContainsAnother() {
		assertThat(text(SqlDialect.MYSQL, "SELECT /*!999999 1 /* a */ zq , */ 'b'")).isEqualTo("SELECT ...");
	}

	@Test
	void moneyIsANumberWhateverItsCurrency() {
		for (String currency : List.of("$", "\u00a3", "\u20ac", "\u00a5", "\u20b9")) {
			assertThat(text(SqlDialect.SQL_SERVER, "SELECT a FROM t WHERE b = " + currency + "1234.56 AND c = 1"))
				.doesNotContain("1234", "56")
				.endsWith("? AND c = ?");
		}
	}

	@ParameterizedTest
	@EnumSource(SqlDialect.class)
	void passwordOfAUserWhoseNameSoundsLikeOneIsMasked(SqlDialect dialect) {
		assertThat(text(dialect, "ALTER USER token_service IDENTIFIED BY tiger")).doesNotContain("tiger");
		assertThat(text(dialect, "CREATE USER pwd_reset IDENTIFIED BY \"tiger\"")).doesNotContain("tiger");
	}

	@Test
	void nameWithinQuotesIsKeptWhateverItLooksLike() {
		assertThat(text(SqlDialect.SQL_SERVER, "SELECT [a]]b], [1 -- x], [it's] FROM [t 1]"))
			.isEqualTo("SELECT [a]]b], [1 -- x], [it's] FROM [t 1]");
		assertThat(text(SqlDialect.ORACLE, "SELECT \"a\"\"b\" FROM \"T 1\""))
			.isEqualTo("SELECT \"a\"\"b\" FROM \"T 1\"");
	}

	@Test
	void nameThatIsTooLongToBeOneIsAValue() {
		assertThat(text(SqlDialect.ORACLE, "SELECT \"" + "x".repeat(300) + "\" FROM t")).isEqualTo("SELECT ? FROM t");
		assertThat(text(SqlDialect.ORACLE, "SELECT \"a\nb\" FROM t")).isEqualTo("SELECT ? FROM t");
	}

	@Test
	void emptyTextsHaveNoOperation() {
		for (String sql : List.of("", " ", ";", "--", "/* x */", "'x'", "()", "\0")) {
			SqlStatement statement = new SqlSanitizer(SqlDialect.UNKNOWN).sanitize(sql);
			assertThat(statement.operation()).isNull();
			assertThat(statement.summary()).isEqualTo("SQL");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
			SELECT * FROM t WHERE a = ? AND b.c LIKE ? AND d IN (?, ?)             | a c d d
			SELECT * FROM t WHERE a BETWEEN ? AND ? AND b <> ?                     | a a b
			SELECT * FROM t WHERE lower(email) = lower(?) LIMIT ? OFFSET ?         | email - -
			SELECT * FROM t WHERE ? = password AND ? < t.age                       | password age
			SELECT ?, ? AS token FROM t                                            | - token
			INSERT INTO t (id, "password", `name`) VALUES (?, ?, upper(?)), (?, 5, ?) | id password name id name
			INSERT INTO t VALUES (?, ?)                                            | - -
			INSERT INTO s.t (a, b) SELECT ?, b FROM x WHERE c = ?                  | - c
			INSERT INTO t (a, b) VALUES (?, coalesce(?, ?)) ON CONFLICT (a) DO UPDATE SET b = ? | a b b b
			UPDATE t SET a = ?, password = md5(?) WHERE id = ?                     | a password id
			UPDATE t SET a = a + ?, b = CASE WHEN ? THEN 1 END                     | a -
			DELETE FROM t WHERE a IS NOT DISTINCT FROM ? OR b NOT LIKE ? ESCAPE ?  | a b b
			MERGE INTO t USING (SELECT ? AS id, ? AS pin) s ON (t.id = s.id)       | id pin
			SELECT '?', a -- ?|-none-
			SELECT doc ?? 'x' FROM t WHERE a = ?                                   | a
			{call p(?, ?)}                                                         | - -
			CALL p(p_password => ?)                                                | p_password
			SELECT * FROM t WHERE (a, b) = (?, ?) AND (c, d) IN ((?, ?), (?, ?)) | a b c d c d
			SELECT * FROM a JOIN b ON a.x = b.y AND b.z = ? WHERE ?                | z -
			""")
	void columnsOfParameters(String sql, String names) {
		List<String> expected = names.equals("-none-") ? List.of() : List.of(names.split(" "));
		List<String> found = new SqlSanitizer(SqlDialect.MYSQL).parameterNames(sql)
			.stream()
			.map((name) -> (name != null) ? name.replace("\"", "") : "-")
			.toList();
		assertThat(found).isEqualTo(expected);
	}

	@Test
	void namesOfParametersAreBounded() {
		String sql = "SELECT * FROM t WHERE secret IN (" + "?, ".repeat(100_000) + "?)";
		assertThat(new SqlSanitizer(SqlDialect.STANDARD).parameterNames(sql)).hasSize(64).containsOnly("secret");
	}

	@ParameterizedTest
	@CsvSource({ "postgresql, POSTGRESQL", "cockroachdb, POSTGRESQL", "mariadb, MYSQL", "mysql, MYSQL",
			"oracle.db, ORACLE", "microsoft.sql_server, SQL_SERVER", "ibm.db2, DB2", "h2database, H2",
			"hsqldb, STANDARD", "derby, STANDARD", "sqlite, SQLITE", "clickhouse, CLICKHOUSE", "aws.redshift, REDSHIFT",
			"other_sql, UNKNOWN", ", UNKNOWN" })
	void dialectOfASystem(String system, SqlDialect dialect) {
		assertThat(SqlDialect.of(system)).isEqualTo(dialect);
	}

	private static String text(SqlDialect dialect, String sql) {
		return new SqlSanitizer(dialect).sanitize(sql).text();
	}

}
