package dev.apm4j.instrument;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SafeUrlTests {

	@ParameterizedTest
	@ValueSource(strings = { "http://h/a", "https://h:8443/a/b?page=2&sort=name", "http://h/a;v=1/b?x", "http://h",
			"http://[::1]:80/a?b=c", "http://h/search?author=Kim&keyword=pin%20board&q=a=b", "http://h?a=1" })
	void leavesWhatIsHarmless(String url) {
		assertThat(SafeUrl.of(URI.create(url))).isEqualTo(url);
	}

	@ParameterizedTest
	@CsvSource({ "http://user:pw@h/a, http://h/a", "http://user@h:80, http://h:80", "http://u:p@h?x=1, http://h?x=1",
			"http://h/a?mail=me@x.org, http://h/a?mail=me@x.org",
			"http://u:p@h/a?mail=me@x.org, http://h/a?mail=me@x.org", "http://u:p@my_host:80/a, http://my_host:80/a",
			"http://h/a#access_token=1, http://h/a" })
	void removesUserInfoAndFragment(String url, String expected) {
		assertThat(SafeUrl.of(URI.create(url))).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "token", "access_token", "X-Api-Key", "api_key", "apikey", "key", "password", "PASSWORD",
			"passwd", "client_secret", "sig", "X-Amz-Signature", "X-Amz-Credential", "AWSAccessKeyId", "sessionId",
			"subscription-key", "%74oken", "user.password", "auth", "jwt", "token[0]" })
	void masksTheValueOfASecretParameter(String name) {
		String bare = name.replace("[", "%5B").replace("]", "%5D");
		assertThat(SafeUrl.of(URI.create("http://h/a?x=1&" + bare + "=s3cr3t&y=2")))
			.isEqualTo("http://h/a?x=1&" + bare + "=REDACTED&y=2");
		assertThat(SafeUrl.of(URI.create("http://h/a?" + bare + "=s3cr3t==")))
			.isEqualTo("http://h/a?" + bare + "=REDACTED");
		assertThat(SafeUrl.of(URI.create("http://h/a?x;" + bare + "=s3cr3t")))
			.isEqualTo("http://h/a?x;" + bare + "=REDACTED");
	}

	@Test
	void masksPathParameters() {
		assertThat(SafeUrl.of(URI.create("http://h/a;jsessionid=1;v=2/b;token=3?q=1"))).isEqualTo(
				"http://h/a;jsessionid=1;v=2/b;token=REDACTED?q=1".replace("jsessionid=1", "jsessionid=REDACTED"));
	}

	@Test
	void isBoundedAndNeverShowsASecretFromBeyondTheBound() {
		String url = "http://h/" + "a".repeat(5000) + "?token=" + "s".repeat(100_000);
		assertThat(SafeUrl.of(URI.create(url))).hasSize(SafeUrl.MAX_LENGTH)
			.startsWith("http://h/aaa")
			.doesNotContain("s");
		String longUser = "http://" + "u".repeat(5000) + ":pw@h/a";
		assertThat(SafeUrl.of(URI.create(longUser))).isEqualTo("http://h/a");
	}

	@ParameterizedTest
	@CsvSource({ "http://h/a, h, 80", "https://h, h, 443", "http://h:8080, h, 8080", "http://my_host:81/a, my_host, 81",
			"https://my_host/a, my_host, 443", "http://u:p@my_host/a, my_host, 80", "ws://h/a, h, -1",
			"http://[::1]:8080/, [::1], 8080" })
	void knowsHostAndPort(String url, String host, int port) {
		assertThat(SafeUrl.host(URI.create(url))).isEqualTo(host);
		assertThat(SafeUrl.port(URI.create(url))).isEqualTo(port);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/a/b", "mailto:a@b", "http:///a", "?", "a?token=x" })
	void copesWithUrlsThatAreNone(String url) {
		assertThat(SafeUrl.of(URI.create(url))).doesNotContain("=x");
		assertThat(SafeUrl.host(URI.create(url))).isNull();
	}

}
