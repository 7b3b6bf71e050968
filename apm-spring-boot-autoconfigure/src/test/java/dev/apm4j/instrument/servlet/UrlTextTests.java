package dev.apm4j.instrument.servlet;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UrlTextTests {

	private final QueryText queries = new QueryText(List.of("Tan"));

	@ParameterizedTest
	@CsvSource({ "/a/b, /a/b", "/a;x=1/b;y=2, /a/b", "/a%3Bjsessionid=1, /a", "/a%3bjsessionid=1/c, /a/c", "/;s=1, /",
			"/100%25, /100%25" })
	void pathParametersAreCut(String requested, String recorded) {
		assertThat(UrlText.path(requested)).isEqualTo(recorded);
	}

	@Test
	void safePathIsNotCopied() {
		String path = "/orders/1";
		assertThat(UrlText.path(path)).isSameAs(path);
	}

	@Test
	void controlCharactersAreEncoded() {
		assertThat(UrlText.path("/a\r\nX: y\u0085")).isEqualTo("/a%0D%0AX: y%85");
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "\n", ";", "/;a" })
	void lengthIsBounded(String part) {
		assertThat(UrlText.path("/" + part.repeat(5000)).length()).isLessThanOrEqualTo(UrlText.MAX);
		assertThat(this.queries.masked("a=" + part.repeat(5000)).length()).isLessThanOrEqualTo(UrlText.MAX);
	}

	@Test
	void characterIsNotCutInHalf() {
		assertThat(UrlText.printable("ab\uD83D\uDE00", 3)).isEqualTo("ab");
	}

	@Test
	void missingPathIsEmpty() {
		assertThat(UrlText.path(null)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "password", "PASSWD", "pwd", "client_secret", "access_token", "apiKey", "api_key", "key",
			"sig", "X-Amz-Signature", "AWSAccessKeyId", "auth", "authorization", "JSESSIONID", "sessionId", "code",
			"credentials", "p%61ssword", "%zz", "user.password", "mobileTan" })
	void secretIsMasked(String name) {
		assertThat(this.queries.masked("a=1&" + name + "=hidden&b=2")).isEqualTo("a=1&" + name + "=REDACTED&b=2");
		assertThat(this.queries.masked(name + "=hid=den")).isEqualTo(name + "=REDACTED");
		assertThat(this.queries.masked("a=1;" + name + "=hidden")).isEqualTo("a=1;" + name + "=REDACTED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "q=shoes", "page=2&size=10", "keyword=x", "design=y", "shipping=z", "flag", "", "&&", "=",
			"mapping=1&=2" })
	void otherParametersStay(String query) {
		assertThat(this.queries.masked(query)).isEqualTo(query);
	}

	@Test
	void secretThatReachesOverTheBoundIsMasked() {
		String query = "q=" + "x".repeat(UrlText.MAX - 20) + "&password=" + "hidden".repeat(100);
		assertThat(this.queries.masked(query)).endsWith("&password=REDACTED");
	}

}
