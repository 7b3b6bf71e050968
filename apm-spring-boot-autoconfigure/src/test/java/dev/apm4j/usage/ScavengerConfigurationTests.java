package dev.apm4j.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ScavengerConfiguration}.
 */
class ScavengerConfigurationTests {

	@TempDir
	private Path root;

	private Path directory;

	private Path etc;

	private final Map<String, String> properties = new HashMap<>();

	private final Map<String, String> variables = new HashMap<>();

	@BeforeEach
	void makeDirectories() throws IOException {
		this.directory = Files.createDirectories(this.root.resolve("work"));
		this.etc = Files.createDirectories(this.root.resolve("etc"));
	}

	private ScavengerConfiguration load() {
		return ScavengerConfiguration
			.load(new ProcessSurroundings(this.properties, this.variables, this.directory, this.etc));
	}

	private ScavengerConfiguration load(String... lines) throws IOException {
		Files.writeString(this.directory.resolve("scavenger.conf"), String.join("\n", lines));
		return load();
	}

	private static String value(ScavengerConfiguration configuration, String property) {
		return configuration.properties().get("apm.scavenger." + property);
	}

	private void write(String place, String appName) throws IOException {
		Path file = this.root.resolve(place);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "appName = " + appName);
	}

	@Test
	void isEmptyWithoutAnything() {
		ScavengerConfiguration configuration = load();
		assertThat(configuration.properties()).isEmpty();
		assertThat(configuration.problems()).isEmpty();
		assertThat(configuration.file()).isNull();
	}

	@Test
	void pathThatIsNoneIsAProblemAndTheApplicationStarts() {
		this.properties.put("scavenger.configuration", "a\0b");
		assertThat(load().problems()).singleElement().asString().contains("path");
	}

	@Test
	void readsAllKeysOfTheJavaAgent() throws IOException {
		ScavengerConfiguration configuration = load("# a comment", "enabled = true", "appName = 주문", "appVersion=1.2",
				"environment: test", "hostname = h1", "apiKey = secret", "serverUrl = http://scavenger:8080/",
				"codeBase = /app/classes", "packages = com.acme.shop, com.acme.bill.",
				"excludePackages = com.acme.shop.gen", "additionalPackages = com.acme.more",
				"annotations = org.example.Service", "excludeByRegex = .*\\\\.Gen.*, [a-z:;]+",
				"additionalByRegex = .*", "methodVisibility = package-private", "excludeConstructors = true",
				"excludeGetterSetter = TRUE", "httpConnectTimeoutSeconds = 3", "httpReadTimeoutSeconds = 4",
				"forceIntervalSeconds = 5", "maxMethodsCount = 6", "legacyCompatibilityMode = true");
		assertThat(configuration.problems()).isEmpty();
		assertThat(configuration.notes()).isEmpty();
		Map<String, String> expected = new HashMap<>(Map.of("enabled", "true", "app-name", "주문", "app-version", "1.2",
				"environment", "test", "hostname", "h1", "api-key", "secret", "server-url", "http://scavenger:8080/",
				"code-base", "/app/classes", "packages", "com.acme.bill,com.acme.shop"));
		expected.putAll(Map.of("exclude-packages", "com.acme.shop.gen", "additional-packages", "com.acme.more",
				"annotations", "org.example.Service", "exclude-by-regex", ".*\\.Gen.*,[a-z:;]+", "additional-by-regex",
				".*", "method-visibility", "package-private", "exclude-constructors", "true"));
		expected.putAll(Map.of("exclude-getter-setter", "true", "connect-timeout", "3s", "read-timeout", "4s",
				"force-interval", "5s", "max-methods", "6", "legacy-compatibility", "true"));
		expected.forEach((name, value) -> assertThat(value(configuration, name)).as(name).isEqualTo(value));
		assertThat(configuration.properties()).hasSameSizeAs(expected);
		assertThat(configuration).asString().doesNotContain("secret").contains("apm.scavenger.api-key");
	}

	@Test
	void readsKeysOfThePythonAgent() throws IOException {
		ScavengerConfiguration configuration = load("[scavenger]", "; a comment", "server_url = http://scavenger:8080",
				"api_key = secret", "codebase = ./src", "packages = shop", "exclude_packages = shop.gen",
				"exclude_init = true", "app_name = shop", "decorators = @x", "scheduler_interval_seconds = 10",
				"async_codebase_scan_mode = False", "debug_mode = False", "force_interval_seconds = 0",
				"http_connect_timeout_seconds = 7", "schedulerInitialDelayMillis = 5");
		assertThat(configuration.problems()).isEmpty();
		assertThat(configuration.properties())
			.containsExactlyInAnyOrderEntriesOf(Map.of("apm.scavenger.server-url", "http://scavenger:8080",
					"apm.scavenger.api-key", "secret", "apm.scavenger.code-base", "./src", "apm.scavenger.packages",
					"shop", "apm.scavenger.exclude-packages", "shop.gen", "apm.scavenger.exclude-constructors", "true",
					"apm.scavenger.app-name", "shop", "apm.scavenger.connect-timeout", "7s"));
		assertThat(configuration.notes()).hasSize(5).allMatch((note) -> note.contains("has no effect"));
	}

	@Test
	void takesTheOldNameOfTheKeyIfTheNewOneIsNotThere() throws IOException {
		assertThat(value(load("licenseKey = old"), "api-key")).isEqualTo("old");
		assertThat(value(load("licenseKey = old", "apiKey = new"), "api-key")).isEqualTo("new");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "/a/b:/c;/d,/e|/a/b,/c,/d,/e", "C:\\\\app\\\\classes|C:\\app\\classes",
					"C:/app;D:/lib|C:/app,D:/lib", "C:/app:D:/lib|C:/app,D:/lib", "a:b|a,b", "/x : C:/y|/x,C:/y",
					"./lib:/opt/a b/c|./lib,/opt/a b/c", ";;,: |" })
	void splitsAPathButNoDrive(String written, String expected) throws IOException {
		String value = value(load("codeBase = " + written), "code-base");
		if (expected == null) {
			assertThat(value).isNull();
		}
		else {
			assertThat(value.split(",")).containsExactlyInAnyOrder(expected.split(","));
		}
	}

	@Test
	void cutsDotsAndSortsPackages() throws IOException {
		assertThat(value(load("packages = b.c.. : a ; b.c, ,a"), "packages")).isEqualTo("a,b.c");
	}

	@ParameterizedTest
	@ValueSource(strings = { "enabled = maybe", "serverUrl = file:///etc/passwd", "serverUrl = http://u:pass@host",
			"serverUrl = not a url", "methodVisibility = all", "maxMethodsCount = many", "maxMethodsCount = 0",
			"httpReadTimeoutSeconds = -1", "httpReadTimeoutSeconds = 10s", "forceIntervalSeconds = 99999999999",
			"excludeByRegex = a{2,3}", "max-message-size = big", "appName = ${nobody.sets.this}" })
	void saysWhichValueIsWrongAndKeepsTheOthers(String line) throws IOException {
		ScavengerConfiguration configuration = load(line, "environment = test");
		assertThat(configuration.problems()).hasSize(1)
			.first()
			.asString()
			.startsWith(line.substring(0, line.indexOf(' ')) + " in " + configuration.file())
			.doesNotContain("pass@");
		assertThat(configuration.properties()).containsOnlyKeys("apm.scavenger.environment");
	}

	@Test
	void saysAllThatIsWrongAtOnce() throws IOException {
		this.variables.put("SCAVENGER_ENABLED", "2");
		this.properties.put("scavenger.methodVisibility", "x");
		ScavengerConfiguration configuration = load("maxMethodsCount = x", "appNmae = x", "shop = x",
				"appName = ${shop}");
		assertThat(configuration.problems()).containsExactlyInAnyOrder(
				"Environment variable SCAVENGER_ENABLED must be true or false",
				"System property scavenger.methodVisibility must be public, protected, package-private or private",
				"maxMethodsCount in " + configuration.file() + " must be a whole number from 1 to 2147483647");
		assertThat(configuration.notes()).containsExactly("appNmae in " + configuration.file() + " is not known");
	}

	@Test
	void prefersSystemPropertyThenVariableThenOptionsThenFile() throws IOException {
		assertThat(value(load("appName = file"), "app-name")).isEqualTo("file");
		this.variables.put("SCAVENGER_OPTIONS", "app_name=options;environment=e=1; x");
		assertThat(value(load(), "app-name")).isEqualTo("options");
		assertThat(value(load(), "environment")).isEqualTo("e=1");
		this.variables.put("SCAVENGER_APP_NAME", "variable");
		assertThat(value(load(), "app-name")).isEqualTo("variable");
		this.properties.put("scavenger.appName", "property");
		assertThat(value(load(), "app-name")).isEqualTo("property");
	}

	@Test
	void readsTheMessageSizeAsTheAgentDoes() {
		this.properties.put("scavenger.max-message-size", "20 mb");
		assertThat(value(load(), "max-message-size")).isEqualTo("20MB");
	}

	@Test
	void expandsVariables() throws IOException {
		this.properties.put("a", "1");
		this.variables.put("B", "2${c}");
		assertThat(value(load("c = 3", "appName = x${a}-${B}-${c}y", "hostname = ${open"), "app-name"))
			.isEqualTo("x1-23-3y");
		assertThat(value(load(), "hostname")).isEqualTo("${open");
	}

	@Test
	void doesNotExpandForever() throws IOException {
		ScavengerConfiguration circle = load("a = ${b}", "b = ${a}", "appName = ${a}");
		assertThat(circle.problems()).singleElement().asString().contains("refer to each other");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1000 })
	void doesNotExpandWithoutEnd(int length) throws IOException {
		StringBuilder bomb = new StringBuilder("v0 = " + "x".repeat(length) + "\n");
		for (int i = 1; i < 9; i++) {
			bomb.append("v" + i + " = " + ("${v" + (i - 1) + "}").repeat(20) + "\n");
		}
		ScavengerConfiguration configuration = load(bomb + "appName = ${v8}");
		assertThat(configuration.problems()).singleElement().asString().contains("too long with its variables");
	}

	@Test
	void looksInTheUsualPlacesInTheirOrder() throws IOException {
		this.properties.put("user.home", this.root.resolve("home").toString());
		this.properties.put("catalina.base", this.root.resolve("tomcat").toString());
		String[] places = { "etc/scavenger.conf", "etc/scavenger/scavenger.conf", "home/.config/scavenger.conf",
				"tomcat/conf/scavenger.conf", "work/conf/scavenger.conf", "work/scavenger.conf" };
		for (String place : places) {
			write(place, place);
			assertThat(value(load(), "app-name")).isEqualTo(place);
		}
		write("other/env.conf", "env");
		this.variables.put("SCAVENGER_CONFIG", "../other/env.conf");
		assertThat(value(load(), "app-name")).isEqualTo("env");
		write("other/property.conf", "property");
		this.properties.put("scavenger.configuration", this.root.resolve("other/property.conf").toString());
		assertThat(value(load(), "app-name")).isEqualTo("property");
	}

	@Test
	void saysSoIfTheFileThatIsNamedIsNotThere() throws IOException {
		write("work/scavenger.conf", "not the one that is named");
		this.properties.put("scavenger.configuration", "elsewhere.conf");
		this.variables.put("SCAVENGER_ENVIRONMENT", "test");
		ScavengerConfiguration configuration = load();
		assertThat(configuration.problems()).singleElement()
			.asString()
			.contains("elsewhere.conf cannot be read: there is no such file");
		assertThat(configuration.properties()).containsOnlyKeys("apm.scavenger.environment");
	}

	@Test
	void saysWhatToDoAboutABackslash() throws IOException {
		ScavengerConfiguration configuration = load("codeBase = C:\\users\\me");
		assertThat(configuration.problems()).singleElement().asString().contains("write \\\\ or / for a backslash");
	}

	@Test
	void doesNotReadAHugeFile() throws IOException {
		ScavengerConfiguration configuration = load("#" + "x".repeat(1024 * 1024));
		assertThat(configuration.problems()).singleElement().asString().contains("larger than 1 MiB");
	}

	@Test
	void looksAtThisProcess() {
		assertThat(ScavengerConfiguration.load().problems()).isEmpty();
	}

}
