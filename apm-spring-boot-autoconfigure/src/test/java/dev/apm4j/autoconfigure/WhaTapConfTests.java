package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import dev.apm4j.export.whatap.UdpAgent;
import dev.apm4j.export.whatap.WhaTapBackend;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The file of the local agent in an application.
 */
@ExtendWith(OutputCaptureExtension.class)
class WhaTapConfTests {

	private static final Duration WAIT = Duration.ofSeconds(30);

	/** Made up; the project in it is 31337. */
	private static final String LICENCE = "x4uj9200g40o4-xa1g7104gk2oc-xq3gf20000000";

	/** That of project 5490. */
	private static final String OTHER_LICENCE = "x45bi400g40o4-xa1g7104gk2oc-xq3gf208h44ok-x1a5gn30chk6os-x1q7gv40000000";

	private static final String PACKAGE = "dev.apm4j";

	private static final String SPRING_PACKAGE = "org.springframework.boot.context";

	private final Map<String, Object> variables = new HashMap<>();

	private final Map<String, Object> defaults = new HashMap<>();

	@TempDir
	private Path home;

	@AfterEach
	void levelsAsTheyWere() {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel(PACKAGE, null);
		logging.setLogLevel(SPRING_PACKAGE, null);
	}

	private Path write(String... lines) throws IOException {
		return write(this.home, lines);
	}

	private static Path write(Path directory, String... lines) throws IOException {
		return Files.write(directory.resolve("whatap.conf"), List.of(lines));
	}

	private void run(Check test, String... arguments) {
		run(WebApplicationType.NONE, Application.class, test, arguments);
	}

	private void run(WebApplicationType type, Class<?> source, Check test, String... arguments) {
		SpringApplication application = new SpringApplication(source);
		application.setWebApplicationType(type);
		application.setApplicationContextFactory((ignored) -> new AnnotationConfigApplicationContext());
		application.setDefaultProperties(this.defaults);
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, this.variables));
		application.setEnvironment(environment);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			test.accept(context);
		}
		catch (SQLException ex) {
			throw new AssertionError(ex);
		}
	}

	private String[] arguments(String... more) {
		String[] arguments = new String[more.length + 2];
		arguments[0] = "--apm.backend=whatap";
		arguments[1] = "--apm.whatap.home=" + this.home;
		System.arraycopy(more, 0, arguments, 2, more.length);
		return arguments;
	}

	private static String object(ConfigurableApplicationContext context) {
		return context.getBean(WhaTapBackend.class).identity().object();
	}

	@Test
	void theFileIsHeeded() throws IOException {
		write("# the agent's", "license=" + LICENCE, "whatap.server.host=1.2.3.4", "app_name=shop", "OID=-12345",
				"net_udp_port=6601", "mtrace_caller_key=x-my-mst");
		run((context) -> {
			assertThat(object(context)).isEqualTo("xuj9,0,zc1p");
			assertThat(context.getBean(ApmIdentity.class).service()).isEqualTo("shop");
			assertThat(context.getBean(ApmWhaTapProperties.class).port()).isEqualTo(6601);
			assertThat(context.getBean(PropagationSettings.class).produce())
				.anySatisfy((codec) -> assertThat(codec.fields()).contains("x-my-mst"));
		}, arguments());
	}

	@Test
	void whateverElseSetsAPropertyWins() throws IOException {
		write("license=" + LICENCE, "app_name=from-file", "net_udp_port=6601", "net_udp_host=10.0.0.1", "OKIND=5",
				"OID=1", "trace_ignore_url_set=/file");
		this.variables.put("APM_WHATAP_HOST", "10.0.0.2");
		this.defaults.put("apm.whatap.okind", "6");
		run(WebApplicationType.NONE, Annotated.class, (context) -> {
			ApmWhaTapProperties properties = context.getBean(ApmWhaTapProperties.class);
			assertThat(properties.port()).isEqualTo(6602);
			assertThat(properties.host()).isEqualTo("10.0.0.2");
			assertThat(properties.okind()).isEqualTo(6);
			assertThat(properties.oid()).isEqualTo(7);
			assertThat(context.getBean(ApmIdentity.class).service()).isEqualTo("given");
			assertThat(object(context)).isEqualTo("x5bi,6,7");
			assertThat(
					Binder.get(context.getEnvironment()).bindOrCreate("apm.web", ApmWebProperties.class).ignorePaths())
				.containsExactly("/mine");
		}, arguments("--apm.whatap.port=6602", "--apm.service-name=given", "--apm.whatap.license=" + OTHER_LICENCE,
				"--apm.web.ignore-paths[0]=/mine"));
	}

	@Test
	void withoutTheBackendNobodyReadsIt(CapturedOutput output) throws IOException {
		write("app_name=shop");
		run((context) -> assertThat(context.getEnvironment().getPropertySources().contains(WhaTapConf.NAME)).isFalse(),
				"--apm.backend=embedded", "--apm.whatap.home=" + this.home);
		run((context) -> assertThat(context.getEnvironment().getPropertySources().contains(WhaTapConf.NAME)).isFalse(),
				arguments("--apm.enabled=false"));
		assertThat(output).doesNotContain("whatap.conf");
	}

	/** Each home has a file that names it; an application of pages is no batch. */
	@ParameterizedTest
	@CsvSource(value = { "WHATAP_HOME | NONE | WHATAP_HOME", "WHATAP_HOME | REACTIVE | WHATAP_HOME",
			"WHATAP_BATCH_HOME | NONE | WHATAP_BATCH_HOME", "WHATAP_HOME_BATCH | NONE | WHATAP_HOME_BATCH",
			"WHATAP_HOME,WHATAP_BATCH_HOME | NONE | WHATAP_BATCH_HOME",
			"WHATAP_HOME,WHATAP_HOME_BATCH | REACTIVE | WHATAP_HOME", "WHATAP_BATCH_HOME | REACTIVE | application",
			"'' | NONE | application" }, delimiter = '|')
	void homeIsThatOfTheEnvironment(String variables, WebApplicationType type, String service) throws IOException {
		for (String variable : variables.isEmpty() ? new String[0] : variables.split(",")) {
			this.variables.put(variable,
					write(Files.createDirectory(this.home.resolve(variable)), "app_name=" + variable).getParent()
						.toString());
		}
		run(type, Application.class,
				(context) -> assertThat(context.getBean(ApmIdentity.class).service()).isEqualTo(service),
				"--apm.backend=whatap");
	}

	@Test
	void propertyMakesAnApplicationABatch() throws IOException {
		this.variables.put("WHATAP_BATCH_HOME", write("app_name=nightly").getParent().toString());
		run(WebApplicationType.SERVLET, Application.class,
				(context) -> assertThat(context.getBean(ApmIdentity.class).service()).isEqualTo("nightly"),
				"--apm.backend=whatap", "--spring.main.web-application-type=none");
	}

	@Test
	void homeAndNameMayBeSystemProperties() throws IOException {
		Files.writeString(this.home.resolve("other.conf"), "app_name=other");
		run((context) -> assertThat(context.getBean(ApmIdentity.class).service()).isEqualTo("other"),
				"--apm.backend=whatap", "--whatap.home=" + this.home, "--whatap.config=other.conf");
	}

	@Test
	void aFileThatIsMissingIsSaidOnceAndHeededWhenItComes(CapturedOutput output) throws IOException {
		run((context) -> {
			assertThat(object(context)).isEmpty();
			assertThat(output.toString().split("there is no such file", -1)).hasSize(2);
			try {
				write("license=" + LICENCE);
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
			}
			await().atMost(WAIT).until(() -> object(context).equals("xuj9,0,0"));
		}, arguments());
	}

	@Test
	void whatIsWrongInItDoesNotKeepTheApplicationFromItsStart(CapturedOutput output) throws IOException {
		write("net_udp_port=many", "license=no-licence", "OID=x", "mtrace_enabled=perhaps",
				"app_name=${no.such.property}", "trace_ignore_url_set=/{*", "throttle_enabled=true");
		run((context) -> assertThat(context.getBean(ApmWhaTapProperties.class).port()).isEqualTo(6600), arguments());
		assertThat(output).contains("not used here: throttle_enabled; ignored for their values: net_udp_port (");
	}

	@Test
	void aChangeTakesEffectWhileTheApplicationRuns(CapturedOutput output) throws IOException {
		try (UdpAgent before = new UdpAgent(); UdpAgent after = new UdpAgent()) {
			write("license=" + LICENCE, "net_udp_port=" + before.port());
			run((context) -> {
				RemoteIgnoreRules ignored = context.getBean(RemoteIgnoreRules.class);
				ApmTracer tracer = context.getBean(ApmTracer.class);
				assertThat(object(context)).isEqualTo("xuj9,0,0");
				rewrite("license=" + LICENCE, "OID=-12345", "net_udp_port=" + after.port(), "mtrace_enabled=false",
						"trace_ignore_url_prefix=/internal/", "trace_sampling_enabled=true", "trace_sampling_tps=5",
						"app_name=later", "apm.service-name=no");
				await().atMost(WAIT).until(() -> object(context).equals("xuj9,0,zc1p"));
				await().atMost(WAIT).until(() -> tracer.samplingPolicy().maxPerThreeSeconds() == 15);
				await().atMost(WAIT).until(() -> ignored.matches("GET", "/internal/a/b"));
				assertThat(context.getBean(WhaTapBackend.class).identity().enabled()).isFalse();
				tracer.nextSpan().name("nightly").start().end();
				await().atMost(WAIT).until(() -> after.names("TX_END").contains("nightly"));
				rewrite("license=" + LICENCE, "net_udp_port=" + after.port());
				await().atMost(WAIT).until(() -> tracer.samplingPolicy().maxPerThreeSeconds() == 0);
				await().atMost(WAIT).until(() -> object(context).equals("xuj9,0,0"));
				await().atMost(WAIT).until(() -> !ignored.hasPaths());
				assertThat(context.getBean(ApmIdentity.class).service()).isEqualTo("application");
			}, arguments());
		}
		assertThat(output).contains("takes effect at the next start: apm.service-name");
		assertThat(output).containsPattern("in force is now: .*apm\\.whatap\\.oid");
	}

	@Test
	void whatTheUserHasSetStaysWhenTheFileChanges(CapturedOutput output) throws IOException {
		write("license=" + LICENCE, "OKIND=1");
		run((context) -> {
			rewrite("license=" + OTHER_LICENCE, "OKIND=2", "OID=3", "trace_ignore_url_set=/file",
					"trace_sampling_enabled=true");
			await().atMost(WAIT).until(() -> object(context).equals("x5bi,2,7"));
			assertThat(context.getBean(RemoteIgnoreRules.class).hasPaths()).isFalse();
			assertThat(context.getBean(ApmTracer.class).samplingPolicy().maxPerThreeSeconds()).isEqualTo(4);
		}, arguments("--apm.whatap.oid=7", "--apm.web.ignore-paths[0]=/mine",
				"--apm.sampling.max-per-three-seconds=4"));
		assertThat(output).doesNotContainPattern("in force is now: .*apm\\.whatap\\.oid");
	}

	@Test
	void theLicenceIsNowhere(CapturedOutput output) throws IOException {
		write("license=" + LICENCE, "OID=1", "secret_key_of_mine=" + LICENCE);
		run((context) -> {
			rewrite("license=" + OTHER_LICENCE, "OID=2", "net_udp_port=" + OTHER_LICENCE);
			await().atMost(WAIT).until(() -> object(context).equals("x5bi,0,2"));
			ConfigurableEnvironment environment = context.getEnvironment();
			StringBuilder shown = new StringBuilder();
			environment.getPropertySources().forEach((source) -> shown.append(source).append(source.getSource()));
			WhaTapConf conf = WhaTapConf.of(environment);
			shown.append(conf)
				.append(conf.file())
				.append(conf.properties())
				.append(context.getBean(WhaTapBackend.class));
			assertThat(shown.toString()).doesNotContain(LICENCE, OTHER_LICENCE, "xa1g7104gk2oc");
		}, arguments("--logging.level." + PACKAGE + "=trace", "--logging.level." + SPRING_PACKAGE + "=trace"));
		assertThat(output).contains("whatap.conf").doesNotContain("xa1g7104gk2oc");
	}

	@Test
	void aWrongValueLeavesWhatWasInForce() throws IOException {
		write("license=" + LICENCE, "OID=1", "OKIND=1");
		run((context) -> {
			rewrite("license=no-licence", "OID=x", "OKIND=2");
			await().atMost(WAIT).until(() -> object(context).equals("xuj9,2,1"));
		}, arguments());
	}

	@Test
	void bindValuesAreRecordedFromTheChangeOn() throws IOException {
		write("profile_sql_param_enabled=false");
		run(WebApplicationType.NONE, Database.class, (context) -> {
			assertThat(recordsBindValues(context)).isFalse();
			rewrite("profile_sql_param_enabled=true");
			await().atMost(WAIT).until(() -> recordsBindValues(context));
			rewrite("# no switch", "OID=1");
			await().atMost(WAIT).until(() -> !recordsBindValues(context));
		}, arguments());
	}

	private static boolean recordsBindValues(ConfigurableApplicationContext context) throws SQLException {
		ApmTracer tracer = context.getBean(ApmTracer.class);
		ApmSpan span = tracer.nextSpan().start();
		try (Tracer.SpanInScope scope = tracer.withSpan(span);
				Connection connection = context.getBean(DataSource.class).getConnection();
				PreparedStatement statement = connection.prepareStatement("SELECT 1 WHERE 7 = ?")) {
			statement.setInt(1, 7);
			statement.executeQuery();
		}
		span.end();
		return span.owner()
			.spans()
			.stream()
			.flatMap((each) -> each.attributes().keySet().stream())
			.anyMatch((key) -> key.startsWith("db.query.parameter."));
	}

	/** What the table says is what happens. */
	@Test
	void propertiesThatAreLookedAtAgainAreThoseOfTheTable() {
		assertThat(WhaTapKeys.all()).filteredOn(WhaTapKey::live)
			.extracting(WhaTapKey::property)
			.allMatch((property) -> property.startsWith("apm.whatap.")
					|| List.of(WhaTapKeys.IGNORE_PATHS, WhaTapKeys.BIND_VALUES, WhaTapKeys.MAX_PER_THREE_SECONDS)
						.contains(property));
	}

	private void rewrite(String... lines) {
		try {
			write(lines);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ApmTracingAutoConfiguration.class, EmbeddedBackendAutoConfiguration.class,
			WhaTapBackendAutoConfiguration.class, WhaTapConfigurationAutoConfiguration.class,
			ServletInstrumentationAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(JdbcInstrumentationAutoConfiguration.class)
	static class Database extends Application {

		@Bean
		DataSource dataSource() {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setUrl(SqlTracing.url());
			return dataSource;
		}

	}

	private interface Check {

		void accept(ConfigurableApplicationContext context) throws SQLException;

	}

	@Configuration(proxyBeanMethods = false)
	@PropertySource("classpath:dev/apm4j/autoconfigure/whatap.properties")
	static class Annotated extends Application {

	}

}
