package dev.apm4j.instrument.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is taken out of JDBC URLs, and what never is: users are called {@code scott} and
 * passwords have {@code tiger} in them.
 */
class DatabaseUrlTests {

	static List<String> urls() throws IOException {
		try (InputStream in = DatabaseUrlTests.class.getResourceAsStream("urls.txt")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> line.startsWith("jdbc:"))
				.toList();
		}
	}

	@Test
	void tableIsLong() throws IOException {
		assertThat(urls()).hasSizeGreaterThan(100);
	}

	@ParameterizedTest
	@MethodSource("urls")
	void systemNamespaceAndHosts(String line) {
		DatabaseUrl url = DatabaseUrl.of(url(line));
		String port = (url.port() >= 0) ? Integer.toString(url.port()) : "-";
		assertThat(List.of(url.system(), orDash(url.namespace()), orDash(url.address()), port, orDash(url.hosts())))
			.isEqualTo(expected(line));
	}

	private static String url(String line) {
		return line.substring(0, line.indexOf(" -> "));
	}

	private static List<String> expected(String line) {
		String[] columns = line.substring(line.indexOf(" -> ") + 4).trim().split(" +");
		String hosts = (columns.length > 4) ? columns[4]
				: columns[2].equals("-") ? "-" : columns[2] + (columns[3].equals("-") ? "" : ":" + columns[3]);
		return List.of(columns[0], columns[1], columns[2], columns[3], hosts);
	}

	private static String orDash(String text) {
		return (text != null) ? text : "-";
	}

	@ParameterizedTest
	@MethodSource("urls")
	void nothingSecretIsKept(String line) {
		assertThat(DatabaseUrl.of(url(line)).toString()).doesNotContainIgnoringCase("tiger")
			.doesNotContainIgnoringCase("scott");
	}

	/** A password may have any character in it, whether the driver likes it or not. */
	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://scott:§@h1:5432/db1", "jdbc:mysql://scott:§@h1/db1",
			"jdbc:mariadb://scott:§@h1:3306/db1?useSsl=true", "jdbc:oracle:thin:scott/§@h1:1521:db1",
			"jdbc:oracle:thin:scott/§@//h1:1521/db1",
			"jdbc:oracle:thin:scott/§@(DESCRIPTION=(ADDRESS=(HOST=h1)(PORT=1)))",
			"jdbc:clickhouse://scott:§@h1:8123/db1", "jdbc:ch:https://scott:§@h1:8443/db1",
			"jdbc:h2:tcp://scott:§@h1/~/db1", "jdbc:hsqldb:hsql://scott:§@h1/db1", "jdbc:derby://scott:§@h1/db1",
			"jdbc:sqlserver://scott:§@h1;databaseName=db1", "jdbc:db2://scott:§@h1:50000/db1",
			"jdbc:sap://scott:§@h1:30015/", "jdbc:redshift://scott:§@h1/db1", "jdbc:foo://scott:§@h1/db1",
			"jdbc:jtds:sqlserver://scott:§@h1/db1" })
	void userInfoIsNeverKept(String template) {
		for (String c : List.of("", "/", "?", ";", ":", "@", "#", ",", "(", ")", "=", "&", "[", "]", "%", "\\", "//",
				" ", "'", "{", "}", "/1/", "?a=", ":1/", "@x/", "(host=", ";a=b;", ",a:@", ",a@", ",(host=b)",
				"http://", ",(http://")) {
			String url = template.replace("§", "tiger" + c + "tiger1");
			assertThat(DatabaseUrl.of(url).toString()).as(url)
				.doesNotContainIgnoringCase("tiger")
				.doesNotContainIgnoringCase("scott");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://h1/db1?user=scott&password=§",
			"jdbc:mysql://h1/db1?user=scott&password=§&x=y",
			"jdbc:sqlserver://h1;databaseName=db1;user=scott;password={§}", "jdbc:sqlserver://h1;user=scott;password=§",
			"jdbc:sqlserver://h1;password={§};databaseName=db1", "jdbc:db2://h1:50000/db1:user=scott;password=§;",
			"jdbc:h2:mem:db1;USER=scott;PASSWORD=§", "jdbc:h2:tcp://h1/~/db1;USER=scott;PASSWORD=§",
			"jdbc:hsqldb:mem:db1;user=scott;password=§", "jdbc:derby:db1;user=scott;password=§",
			"jdbc:derby://h1/db1;user=scott;password=§", "jdbc:clickhouse://h1/db1?user=scott&password=§",
			"jdbc:sap://h1:30015/?user=scott&password=§", "jdbc:sqlite:db1.sqlite?password=§",
			"jdbc:jtds:sqlserver://h1/db1;user=scott;password=§", "jdbc:as400://h1;user=scott;password=§",
			"jdbc:teradata://h1/DATABASE=db1,USER=scott,PASSWORD=§",
			"jdbc:mysql://address=(host=h1)(user=scott)(password=§)/db1",
			"jdbc:informix-sqli://h1:1526/db1:INFORMIXSERVER=s;user=scott;password=§" })
	void parametersAreNeverKept(String template) {
		for (String c : List.of("", "/", "?", ":", "@", "#", "=", "%", "\\", "//", " ", "'", "host=", "@h2/", "//x@y/",
				"?a=b", "/db:", "@(")) {
			String url = template.replace("§", "tiger" + c + "tiger1");
			assertThat(DatabaseUrl.of(url).toString()).as(url)
				.doesNotContainIgnoringCase("tiger")
				.doesNotContainIgnoringCase("scott");
		}
	}

	@ParameterizedTest
	@NullAndEmptySource
	@ValueSource(strings = { "jdbc:", "jdbc", "jdbc::", "jdbc:foo", "http://h1/x", "jdbc:p6spy:", "jdbc:tc:",
			"jdbc:tc:x", "jdbc:p6spy:p6spy:p6spy:p6spy:p6spy:p6spy:", "jdbc:foo://h1:99/db" })
	void otherTextsGiveNothing(String url) {
		assertThat(DatabaseUrl.of(url)).isEqualTo(new DatabaseUrl("other_sql", null, null, -1, null));
	}

	@Test
	void hostsAreBounded() {
		DatabaseUrl url = DatabaseUrl.of("jdbc:postgresql://" + "h1:5432,".repeat(200) + "h2/db");
		assertThat(url.hosts().split(",")).hasSize(16);
		assertThat(DatabaseUrl.of("jdbc:postgresql://h1/" + "x".repeat(100_000)).namespace()).isNull();
	}

	@Test
	void garbageNeverThrows() throws IOException {
		Random random = new Random(1);
		List<String> urls = urls().stream().map(DatabaseUrlTests::url).toList();
		String alphabet = ":/@;?&=(){}[],.\\%~!# '\"1a\u00e9\0";
		for (int i = 0; i < 100_000; i++) {
			StringBuilder url = new StringBuilder(urls.get(random.nextInt(urls.size())));
			for (int j = random.nextInt(6); j >= 0 && !url.isEmpty(); j--) {
				int at = 5 + random.nextInt(Math.max(1, url.length() - 5));
				switch (random.nextInt(3)) {
					case 0 ->
						url.insert(Math.min(at, url.length()), alphabet.charAt(random.nextInt(alphabet.length())));
					case 1 -> url.deleteCharAt(Math.min(at, url.length() - 1));
					default -> url.setLength(Math.min(at, url.length()));
				}
			}
			assertThat(DatabaseUrl.of(url.toString()).system()).isNotEmpty();
		}
	}

}
