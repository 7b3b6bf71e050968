package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IgnoredRequestsTests {

	private final RemoteIgnoreRules remote = new RemoteIgnoreRules();

	private IgnoredRequests rules(Map<String, ?> properties) {
		ApmWebProperties bound = new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("apm.web",
				ApmWebProperties.class);
		return new IgnoredRequests(bound, true, () -> List.of("/actuator/**"), this.remote);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/favicon.ico", "/webjars/lit/3/index.js", "/css/main.css", "/a/LOGO.PNG", "/apm",
			"/apm/api/traces", "/actuator", "/actuator/health", "/livez", "/readyz" })
	void defaultsAreLeftOut(String path) {
		assertThat(rules(Map.of()).matches("GET", path)).isTrue();
		assertThat(rules(Map.of("apm.web.ignore-defaults", "false")).matches("GET", path)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "/", "", "/orders/1", "/orders/1.5", "/apmx", "/actuators", "/a.css/b", "/files/a.", "/js" })
	void othersAreTraced(String path) {
		assertThat(rules(Map.of()).matches("GET", path)).isFalse();
	}

	@Test
	void writingToAStaticLookingPathIsTraced() {
		assertThat(rules(Map.of()).matches("POST", "/upload/logo.png")).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "/internal/**,/internal,true", "/internal/**,/internal/a/b,true", "/internal/**,/internals,false",
			"/files/{name},/files/a,true", "/files/{name},/files/a/b,false", "/x/*/y,/x/1/y,true", "/ping,/ping,true",
			"/ping,/ping/2,false", "ping,/ping,true", "/**,/anything,true", "/a?c,/abc,true", "/x/*/y,/x/100%/y,true" })
	void pathsArePatterns(String pattern, String path, boolean ignored) {
		assertThat(rules(Map.of("apm.web.ignore-paths", pattern)).matches("GET", path)).isEqualTo(ignored);
	}

	@Test
	void ownRulesAddToTheDefaults() {
		IgnoredRequests rules = rules(Map.of("apm.web.ignore-paths", "/ping", "apm.web.ignore-extensions", ".PDF,csv",
				"apm.web.ignore-methods", "options"));
		assertThat(rules.matches("GET", "/ping")).isTrue();
		assertThat(rules.matches("GET", "/a.pdf")).isTrue();
		assertThat(rules.matches("GET", "/a.css")).isTrue();
		assertThat(rules.matches("OPTIONS", "/orders/1")).isTrue();
		assertThat(rules.matches("GET", "/orders/1")).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "ignore-paths,/a/{b", "ignore-paths,/a/**/{*c}/d", "ignore-extensions,*.css",
			"ignore-methods,GET /x" })
	void wrongRuleIsNamed(String property, String value) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> rules(Map.of("apm.web." + property, value)))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("apm.web." + property))
			.satisfies((ex) -> assertThat(ex.getValue()).isEqualTo(value));
	}

	@ParameterizedTest
	@CsvSource({ "/internal/**,GET,/internal/a,true", "**/health,GET,/a/b/health,true", "/a/*,GET,/a/b/c,false",
			"GET:/a/*,GET,/a/b,true", "GET:/a/*,POST,/a/b,false", "/a/?,GET,/a/b,true", "/x.y,GET,/xzy,false" })
	void serversPathsAreAntPatterns(String pattern, String method, String path, boolean ignored) {
		this.remote.paths("/none, " + pattern);
		assertThat(rules(Map.of()).matches(method, path)).isEqualTo(ignored);
	}

	@Test
	void serversPathsStandInForTheOwnOnesUntilTheyAreGone() {
		IgnoredRequests rules = rules(Map.of("apm.web.ignore-paths", "/ping"));
		this.remote.paths("/pong");
		assertThat(rules.matches("GET", "/pong")).isTrue();
		assertThat(rules.matches("GET", "/ping")).isFalse();
		assertThat(rules.matches("GET", "/livez")).isTrue();
		assertThat(rules.matches("GET", "/actuator")).isTrue();
		this.remote.paths(null);
		assertThat(rules.matches("GET", "/pong")).isFalse();
		assertThat(rules.matches("GET", "/ping")).isTrue();
	}

	@Test
	void serversExtensionsStandInForAllOthersUntilTheyAreGone() {
		IgnoredRequests rules = rules(Map.of("apm.web.ignore-extensions", "pdf"));
		this.remote.extensions(".ZIP,tar");
		assertThat(rules.matches("GET", "/a.zip")).isTrue();
		assertThat(rules.matches("GET", "/a.tar")).isTrue();
		assertThat(rules.matches("GET", "/a.pdf")).isFalse();
		assertThat(rules.matches("GET", "/a.css")).isFalse();
		this.remote.extensions("");
		assertThat(rules.matches("GET", "/a.zip")).isFalse();
		this.remote.extensions(null);
		assertThat(rules.matches("GET", "/a.pdf")).isTrue();
		assertThat(rules.matches("GET", "/a.css")).isTrue();
	}

	@Test
	void serversBadRulesChangeNothing() {
		this.remote.paths("/pong");
		this.remote.extensions("zip");
		assertThatIllegalArgumentException().isThrownBy(() -> this.remote.paths("/a,/{x:(a+)+}"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.remote.paths("/a" + "b".repeat(300)));
		assertThatIllegalArgumentException().isThrownBy(() -> this.remote.paths("/a,".repeat(101)));
		assertThatIllegalArgumentException().isThrownBy(() -> this.remote.extensions("zip,a/b"));
		IgnoredRequests rules = rules(Map.of());
		assertThat(rules.matches("GET", "/pong")).isTrue();
		assertThat(rules.matches("GET", "/a.zip")).isTrue();
		assertThat(rules.matches("GET", "/a")).isFalse();
	}

}
