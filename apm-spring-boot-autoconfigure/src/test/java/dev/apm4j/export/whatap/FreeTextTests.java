package dev.apm4j.export.whatap;

import java.util.List;
import java.util.Random;

import dev.apm4j.instrument.SecretNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FreeTextTests {

	private static final String SECRET = "S3cretMarker";

	private final FreeText text = new FreeText(SecretNames.STANDARD::contains);

	static List<List<String>> secrets() {
		return List.of(List.of("login failed, password=hunter2 for bob", "login failed, password=# for bob"),
				List.of("password = hunter2", "password = #"),
				List.of("PASSWORD: hunter2, user: bob", "PASSWORD: # user: bob"),
				List.of("db_password=a;user=b", "db_password=#;user=b"), List.of("db_password=a;b", "db_password=#"),
				List.of("?token=abc&page=2", "?token=#&page=2"), List.of("?token=a&b", "?token=#"),
				List.of("{\"password\":\"a\\\"b\",\"x\":1}", "{\"password\":\"#\",\"x\":1}"),
				List.of("{\\\"password\\\":\\\"abc\\\",\\\"x\\\":1}", "{\\\"password\\\":\\\"#\\\",\\\"x\\\":1}"),
				List.of("{'secret' : 'it''s', 'x': 1}", "{'secret' : '#', 'x': 1}"),
				List.of("password=\"open", "password=\"#"), List.of("token => abc x", "token => # x"),
				List.of("user[password]=abc", "user[password]=#"),
				List.of("Key (token)=(abc) exists", "Key (token)=(#) exists"),
				List.of("{Cookie=[a=1; b=2], Accept=[x]}", "{Cookie=[#], Accept=[x]}"),
				List.of("password='a' and 'b'", "password='#' and 'b'"),
				List.of("IDENTIFIED BY PASSWORD 'a'", "IDENTIFIED BY PASSWORD '#'"),
				List.of("run --api-key abc --verbose", "run --api-key # --verbose"),
				List.of("<config><password>abc</password></config>", "<config><password>#</password></config>"),
				List.of("redirect=https%3A%2F%2Fh%3Ftoken%3Dabc", "redirect=https%3A%2F%2Fh%3Ftoken%3D#"),
				List.of("Authorization: Basic dXNlcjpwdw==\nHost: h", "Authorization: #\nHost: h"),
				List.of("Cookie: a=1; b=2\nHost: h", "Cookie: #\nHost: h"),
				List.of("Proxy-Authorization=Digest username=\"u\", response=\"r\"", "Proxy-Authorization=#"),
				List.of("sent Bearer abc.def to h", "sent Bearer # to h"),
				List.of("sent bearer 'abc' to h", "sent bearer 'abc' to h"),
				List.of("Basic dXNlcjpwdw== was refused", "Basic # was refused"),
				List.of("x-auth: Bearer abc", "x-auth: #"),
				List.of("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_ here", "got # here"),
				List.of("http://bob:pw@h:80/x", "http://#@h:80/x"), List.of("http://bob:p/w@h/x", "http://#@h/x"),
				List.of("http://token@h/x", "http://#@h/x"),
				List.of("amqp://a:b@h1,amqp://c:d@h2", "amqp://#@h1,amqp://#@h2"),
				List.of("to admin:pw@broker:5672 now", "to admin:#@broker:5672 now"),
				List.of("jdbc:oracle:thin:scott/tiger@//h/x", "jdbc:#@//h/x"),
				List.of("jdbc:mysql://h/d?user=a&password=b", "jdbc:mysql://h/d?user=a&password=#"),
				List.of("at http://bob:secr", "at http://bob:#"),
				List.of("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
						"-----BEGIN#-----END RSA PRIVATE KEY-----"),
				List.of("otp code: 123456", "otp code: #"));
	}

	@ParameterizedTest
	@MethodSource("secrets")
	void secretIsMasked(List<String> textAndMasked) {
		assertThat(this.text.mask(textAndMasked.get(0))).isEqualTo(textAndMasked.get(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "GET /orders/{id}", "OrderService.load", "status code: 404", "error code = 17",
			"InvalidKeyException: the key is too short", "shop.TokenError: no", "http://h:8080/a@b/c?x=1",
			"http://[::1]:8080/x", "kafka://h1:9092,h2:9092/x", "12:30:01 bob@example.com", "Basic validation failed",
			"the password was wrong", "a basic thing", "token:\nnext", "password=", "password", "SELECT orders",
			"at java.base/java.lang.Thread.run", "--verbose", "100%", "{}", "a=b, c: d", "tokens", "primary key 'id'" })
	void otherTextIsTheSameObject(String harmless) {
		assertThat(this.text.mask(harmless)).isSameAs(harmless);
	}

	@Test
	void masksTheCommonNamesWhateverTheConfigurationSays() {
		FreeText none = new FreeText((name, from, to) -> false);
		assertThat(none.mask("password=a api_key=b session=c")).isEqualTo("password=# api_key=# session=c");
	}

	@Test
	void masksWhatIsConfigured() {
		FreeText own = new FreeText(SecretNames.STANDARD.with(List.of("kontonummer"))::contains);
		assertThat(own.mask("Kontonummer: 123")).isEqualTo("Kontonummer: #");
	}

	@Test
	void lineHasNoControlCharacters() {
		assertThat(this.text.line("a\nb\tc\u0000d\u007fe")).isEqualTo("a b c d e");
		assertThat(this.text.lines("a\nb\tc\u0000d\r")).isEqualTo("a\nb\tc d ");
		assertThat(this.text.line(null)).isEmpty();
		assertThat(this.text.name(" \n", "unknown")).isEqualTo("unknown");
	}

	@Test
	void whatIsTooLongIsCutBetweenWords() {
		String cut = this.text.mask("x ".repeat(FreeText.MAX_CHARACTERS / 2 - 4) + "admin:" + SECRET + "@host");
		assertThat(cut).hasSizeLessThan(FreeText.MAX_CHARACTERS).doesNotContain("S3c").endsWith("x x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", ":", "=", "a:", "a=", "://", "http://a", "a:b@", "password=", "password='", "token:[",
			"bearer ", "basic A1+", "-----BEGIN PRIVATE KEY", "&a", "\\\"", "<token>", "--token ", "]", "eyJ", "%3D",
			"authorization: ", "a@", "'", "password='' " })
	void hostileTextIsOnlyText(String part) {
		String hostile = part.repeat(FreeText.MAX_CHARACTERS / part.length());
		assertThat(this.text.mask(hostile)).hasSizeLessThanOrEqualTo(hostile.length());
		assertThat(this.text.mask(this.text.mask(hostile))).isEqualTo(this.text.mask(hostile));
	}

	@Test
	void secretsAreFoundInAnySurroundings() {
		Random random = new Random(1);
		List<String> forms = List.of("password=%s", "\"token\": \"%s\"", "Bearer %s", "http://u:%s@h/x", "secret: %s",
				"Authorization: Basic %s", "--password %s", "<secret>%s</secret>", "u:%s@h", "api_key='%s'",
				"cookie=[%s]");
		List<String> around = List.of("", " ", ", ", "\n", "(", "x ", "a=b ", "{", "; ", "\t", "%", "=", "] ", "} ");
		for (int i = 0; i < 20_000; i++) {
			String form = forms.get(random.nextInt(forms.size())).formatted(SECRET);
			String hidden = around.get(random.nextInt(around.size())) + around.get(random.nextInt(around.size())) + form
					+ around.get(random.nextInt(around.size())) + around.get(random.nextInt(around.size()));
			assertThat(this.text.mask(hidden)).as(hidden).doesNotContain(SECRET);
		}
	}

}
