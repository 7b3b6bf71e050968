package dev.apm4j.instrument;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UrlTemplateTests {

	@ParameterizedTest
	@CsvSource({ "/orders/{id}, /orders/{id}", "http://h:80/orders/{id}?x={x}, /orders/{id}", "http://h, /",
			"http://h?x={x}, /", "https://u:p@h/a, /a", "/a?b=c/d, /a", "/a/{id:[0-9?]+}/b?x, /a/{id:[0-9?]+}/b",
			"{base}/orders/{id}, {base}/orders/{id}", "orders/{id}, orders/{id}",
			"/v1/oauth2/orders, /v1/oauth2/orders", "http://{host}/a/{b}, /a/{b}", "/go?to=http://x/y, /go" })
	void isThePathOfTheTemplate(String template, String path) {
		assertThat(UrlTemplate.path(template)).isEqualTo(path);
	}

	@ParameterizedTest
	@NullAndEmptySource
	@ValueSource(strings = { "/orders/42", "http://h/orders/42", "/orders/ORD-1001", "/users/me@x.org", "/a/b%20c",
			"/f/0c1d2e3f-aaaa-bbbb-cccc-0123456789ab", "/a;v=1" })
	void isNoneIfTheApplicationPutTheUrlTogetherItself(String template) {
		assertThat(UrlTemplate.path(template)).isNull();
	}

	@Test
	void isNoneIfItIsTooLong() {
		assertThat(UrlTemplate.path("/{id}/" + "a/".repeat(300))).isNull();
		assertThat(UrlTemplate.path("/" + "a".repeat(100))).isNull();
	}

}
