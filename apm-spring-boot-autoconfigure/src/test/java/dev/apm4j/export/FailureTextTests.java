package dev.apm4j.export;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FailureTextTests {

	private static final String VALUE = "bob@example.com";

	@ParameterizedTest
	@ValueSource(strings = { "Order 4711 of 'Bob' is \"gone\" (see Key (id)=(4711))", "values ('x')", "" })
	void messagesOfOthersStayAsTheyAre(String message) {
		FailureText text = FailureText
			.of(new IllegalStateException(message, new IllegalArgumentException("inner " + message)));
		assertThat(text.type()).isEqualTo("java.lang.IllegalStateException");
		assertThat(text.message()).isEqualTo(message);
		assertThat(text.stack()).contains("Caused by: java.lang.IllegalArgumentException: inner " + message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"I/O error on GET request for \"http://bob:hunter2@stock:80/x\": refused | I/O error on GET request for \"http://***@stock:80/x\": refused",
			"Cannot connect to jdbc:x://h/db?user=sa&password=hunter2&ssl=true | Cannot connect to jdbc:x://h/db?user=sa&password=***&ssl=true",
			"no access with {\"client_secret\": \"hunter2\", \"id\": 7} | no access with {\"client_secret\": \"***\", \"id\": 7}",
			"Authorization: Bearer hunter2hunter2 was refused | Authorization: *** was refused",
			"refused: Bearer hunter2hunter2 | refused: Bearer ***",
			"GET /x?access_token=hunter2 failed | GET /x?access_token=*** failed",
			"bad apiKey=hunter2 | bad apiKey=***",
			"no route to amqp://shop:hunter2@hunter2@mq:5672/v | no route to amqp://***@mq:5672/v",
			"rejected {\"password\":\"(hunter2, hunter2)\",\"user\":\"bob\"} | rejected {\"password\":\"***\",\"user\":\"bob\"}",
			"bad: password='hunter2 hunter2' for bob | bad: password='***' for bob" })
	void credentialsAreMaskedInMessageAndStack(String message, String masked) {
		FailureText text = FailureText.of(new IllegalStateException("outer", new IllegalArgumentException(message)));
		assertThat(text.stack()).contains("Caused by: java.lang.IllegalArgumentException: " + masked + "\n")
			.doesNotContain("hunter2");
		assertThat(FailureText.of(new IllegalStateException(message)).message()).isEqualTo(masked);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Authorization: Bearer %s", "refused: Bearer %s", "access_token=%s",
			"https://ci:%s@git.example/shop" })
	void nothingIsLeftOfALongCredential(String message) {
		String token = "hunter2.".repeat(200);
		assertThat(FailureText.of(new IllegalStateException(message.formatted(token))).message()).contains("***")
			.doesNotContain("hunter2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Unexpected token: }", "No value for key: orders.title", "mail to bob@example.com failed",
			"tokens are exhausted", "see https://example.com/a@b", "Basic settings", "session: none" })
	void whatOnlyLooksLikeACredentialStays(String message) {
		assertThat(FailureText.of(new IllegalStateException(message)).message()).isEqualTo(message);
	}

	@Test
	void valuesAreMaskedInMessageAndStack() {
		FailureText text = FailureText.of(new SQLException("Duplicate entry '" + VALUE + "' for key 'users.email'"));
		assertThat(text.message()).isEqualTo("Duplicate entry ? for key 'users.email'");
		assertThat(text.stack()).startsWith("java.sql.SQLException: Duplicate entry ? for key 'users.email'\n\tat ")
			.contains("FailureTextTests.java:")
			.doesNotContain(VALUE);
	}

	@Test
	void wholeChainsAreMaskedIfADatabaseIsAnywhereInThem() {
		SQLException cause = new SQLIntegrityConstraintViolationException(
				"Detail: Key (email)=(" + VALUE + ") already exists.");
		RuntimeException error = new IllegalStateException("could not store '" + VALUE + "': " + cause.getMessage(),
				new RuntimeException(cause));
		for (int i = 0; i < 20; i++) {
			error = new RuntimeException("'" + VALUE + "'", error);
		}
		FailureText text = FailureText.of(error);
		assertThat(text.message()).isEqualTo("?");
		assertThat(text.stack()).doesNotContain(VALUE);
	}

	@Test
	void exceptionsThatOnlyReportADatabasesCountToo() {
		assertThat(FailureText.of(new NotUniqueException("SQL [values ('" + VALUE + "')]")).message())
			.isEqualTo("SQL [values (?)]");
		assertThat(FailureText.of(new BatchUpdateException("'" + VALUE + "'", new int[0])).message()).isEqualTo("?");
		assertThat(FailureText.of(new CustomPersistenceException("'" + VALUE + "'")).message()).isEqualTo("?");
	}

	@Test
	void whatADriverCouldNotConvertIsMasked() {
		SQLException error = new SQLException("Cannot parse \"DATE\" constant \"" + VALUE + "\"",
				new IllegalArgumentException(VALUE));
		FailureText text = FailureText.of(error);
		assertThat(text.stack()).contains("Caused by: java.lang.IllegalArgumentException: ?\n").doesNotContain(VALUE);
	}

	@Test
	void aValueThatIsCutIsMaskedAndTheTextStaysBounded() {
		FailureText text = FailureText.of(new SQLException("x = '" + VALUE.repeat(1000) + "'"));
		assertThat(text.message()).isEqualTo("x = ?");
		FailureText grown = FailureText.of(new SQLException("'a' ".repeat(100_000)));
		assertThat(grown.message()).hasSizeLessThanOrEqualTo(FailureText.MAX_MESSAGE);
		assertThat(grown.stack()).hasSizeLessThanOrEqualTo(FailureText.MAX_STACK);
	}

	@Test
	void exceptionsThatCauseEachOtherEnd() {
		Exception first = new Exception("'" + VALUE + "'");
		first.initCause(new Exception("second", first));
		assertThat(FailureText.of(first).message()).isEqualTo("'" + VALUE + "'");
	}

	private static class DataAccessException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		DataAccessException(String message) {
			super(message);
		}

	}

	private static final class NotUniqueException extends DataAccessException {

		private static final long serialVersionUID = 1L;

		NotUniqueException(String message) {
			super(message);
		}

	}

	private static final class CustomPersistenceException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		CustomPersistenceException(String message) {
			super(message);
		}

	}

}
