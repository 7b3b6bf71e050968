package dev.apm4j.autoconfigure;

import java.util.LinkedHashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.apm4j.autoconfigure.WhaTapKey.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the keys of {@code whatap.conf} mean here.
 */
class WhaTapConfigurationTests {

	/** Made up; the project in it is 31337. */
	private static final String LICENCE = "x4uj9200g40o4-xa1g7104gk2oc-xq3gf20000000";

	@ParameterizedTest
	@CsvSource(value = { "app_name = orders | apm.service-name = orders",
			"net_udp_port = 6601 | apm.whatap.port = 6601", "net_udp_host = 10.0.0.7 | apm.whatap.host = 10.0.0.7",
			"OID = -1234567890 | apm.whatap.oid = -1234567890", "OKIND = 7 | apm.whatap.okind = 7",
			"trace_active_transaction_lost_time = 7200000 | apm.whatap.lost-time = 7200000ms",
			"mtrace_enabled = FALSE | apm.whatap.mtrace.enabled = false",
			"mtrace_caller_key = x-my-mst | apm.whatap.mtrace.caller-header = x-my-mst",
			"trace_ignore_url_set = /health, ping,, | apm.web.ignore-paths = /health,/ping",
			"trace_ignore_url_prefix = /internal,/api/ | apm.web.ignore-paths = /internal*/**,/api/**",
			"web_static_content_extensions = js, .htm | apm.web.ignore-extensions = js,.htm",
			"profile_sql_param_enabled = true | apm.jdbc.bind-values = true",
			"trace_logging_enabled = true | apm.whatap.logs.enabled = true",
			"counter_enabled = false | apm.whatap.counters.enabled = false",
			"active_stack_enabled = false | apm.whatap.control.enabled = false",
			"enabled = false | apm.whatap.enabled = false" }, delimiter = '|')
	void keyBecomesProperty(String line, String property) {
		assertThat(properties(line)).isEqualTo(map(property));
		assertThat(of(line).remark()).isNull();
	}

	@Test
	void ofTheLicenceOnlyTheProjectGoesOn() {
		WhaTapConfiguration configuration = of("license = " + LICENCE);
		assertThat(configuration.properties()).containsOnlyKeys("apm.whatap.project-code");
		assertThat(configuration.toString()).doesNotContain("xa1g7");
	}

	@ParameterizedTest
	@ValueSource(strings = { "${user.home}", "shop-#{systemProperties}" })
	void aNameThatSpringWouldEvaluateIsWrong(String name) {
		assertThat(of("app_name = " + name).properties()).isEmpty();
		assertThat(of("app_name = " + name).wrong()).containsOnlyKeys("app_name");
	}

	@Test
	void anotherLicenceWins() {
		assertThat(WhaTapConfiguration.of(map("license = " + LICENCE), "", true).properties()).isEmpty();
	}

	@Test
	void aWrongLicenceIsSaidWithoutItsText() {
		WhaTapConfiguration configuration = of("license = my-secret");
		assertThat(configuration.properties()).isEmpty();
		assertThat(configuration.remark()).contains("license").doesNotContain("secret");
	}

	@Test
	void twoKeysForOneListAreJoined() {
		assertThat(properties("trace_ignore_url_set = /a", "trace_ignore_url_prefix = /b/"))
			.containsEntry("apm.web.ignore-paths", "/a,/b/**");
	}

	@ParameterizedTest
	@CsvSource({ "true, true, true", "true, false, false", "false, true, false", "false, false, false" })
	void twoSwitchesMustBothBeOn(boolean enabled, boolean transactions, boolean result) {
		assertThat(properties("enabled = " + enabled, "transaction_enabled = " + transactions))
			.containsEntry("apm.whatap.enabled", String.valueOf(result));
	}

	@Test
	void samplingHasASwitchAndANumber() {
		assertThat(properties("trace_sampling_enabled = true", "trace_sampling_tps = 50"))
			.isEqualTo(Map.of("apm.sampling.max-per-three-seconds", "150"));
		assertThat(properties("trace_sampling_enabled = true"))
			.isEqualTo(Map.of("apm.sampling.max-per-three-seconds", "30000"));
		assertThat(properties("trace_sampling_enabled = false", "trace_sampling_tps = 50")).isEmpty();
		assertThat(properties("trace_sampling_tps = 50")).isEmpty();
	}

	@Test
	void pathsOfTheFileBeginWithTheContextPath() {
		Map<String, String> entries = map("trace_ignore_url_set = /shop/health,/shopping,/other");
		assertThat(WhaTapConfiguration.of(entries, "/shop", false).properties()).containsEntry("apm.web.ignore-paths",
				"/health,/shopping,/other");
	}

	@ParameterizedTest
	@CsvSource(
			value = { "net_udp_port = abc", "net_udp_port = 0", "net_udp_port = 65536", "net_udp_port = -1",
					"net_udp_port = 6600 # comment", "OID = x1f", "OID = 2147483648",
					"trace_active_transaction_lost_time = 9999", "trace_active_transaction_lost_time = 99999999999",
					"mtrace_enabled = yes", "mtrace_caller_key = a b", "mtrace_caller_key = a:b",
					"app_name = ${secret}", "trace_ignore_url_set = /{a:(b+)+}", "trace_ignore_url_prefix = /**",
					"trace_ignore_url_set = /a b", "web_static_content_extensions = a/b", "trace_sampling_tps = many" },
			delimiter = '|')
	void whatIsWrongIsLeftOutAndSaid(String line) {
		String on = line.startsWith("trace_sampling") ? "trace_sampling_enabled = true" : "enabled =";
		WhaTapConfiguration configuration = of(line, on, "net_udp_host = here");
		assertThat(configuration.wrong()).hasSize(1);
		String key = line.substring(0, line.indexOf(' '));
		assertThat(configuration.remark()).startsWith("ignored for their values: " + key + " (").endsWith("needed)");
		assertThat(configuration.properties()).containsOnlyKeys("apm.whatap.host");
	}

	@Test
	void anEmptyValueSaysNothing() {
		assertThat(of("net_udp_port =", "license =", "app_name =").properties()).isEmpty();
		assertThat(of("net_udp_port =", "license =", "app_name =").remark()).isNull();
	}

	@Test
	void whatNobodyDoesAnythingWithIsSaid() {
		WhaTapConfiguration configuration = of("throttle_enabled = true", "my_own_key = 1", "whatap.server.host = h",
				"object_name = o", "app_process_name = p", "hook_method_patterns = a.b.C.*", "net_udp_port = 6600");
		assertThat(configuration.unused()).containsExactlyInAnyOrder("throttle_enabled", "my_own_key",
				"hook_method_patterns");
		assertThat(configuration.remark()).startsWith("not used here: ");
	}

	@Test
	void aFileCantWriteTheLog() {
		Map<String, String> entries = new LinkedHashMap<>();
		entries.put("a\u001b[31m\u2028b", "1");
		assertThat(WhaTapConfiguration.of(entries, "", false).remark()).isEqualTo("not used here: a?[31m?b");
		for (int i = 0; i < 1_000; i++) {
			entries.put("k".repeat(1_000) + i, "v");
		}
		assertThat(WhaTapConfiguration.of(entries, "", false).remark()).hasSizeLessThan(1_400)
			.endsWith(" and 981 more");
	}

	@Test
	void everyKeyIsFoundUnderItsName() {
		Set<String> names = new HashSet<>();
		for (WhaTapKey key : WhaTapKeys.all()) {
			assertThat(names.add(key.name())).as(key.name()).isTrue();
			assertThat(WhaTapKeys.find(key.name().replace("*", ""))).as(key.name()).isEqualTo(key);
			assertThat(key.property() != null).as(key.name()).isEqualTo(key.use() == Use.MAPPED);
			assertThat(key.remark().isEmpty() && key.use() != Use.MAPPED).as(key.name()).isFalse();
		}
	}

	private static WhaTapConfiguration of(String... lines) {
		return WhaTapConfiguration.of(map(lines), "", false);
	}

	private static Map<String, String> properties(String... lines) {
		return of(lines).properties();
	}

	private static Map<String, String> map(String... lines) {
		Map<String, String> map = new LinkedHashMap<>();
		for (String line : lines) {
			int equals = line.indexOf('=');
			map.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
		}
		return map;
	}

}
