package dev.apm4j.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.apm4j.usage.UsageTracking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class UsageAutoConfigurationTests {

	@TempDir
	Path directory;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(UsageAutoConfiguration.class))
		.withPropertyValues("apm.scavenger.packages=dev.apm4j.nothing.here",
				"apm.scavenger.code-base=" + Path.of("target", "nothing"));

	@Test
	void isOffByDefault() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(UsageTracking.class));
	}

	@Test
	void isOffWithTheAgent() {
		this.runner.withPropertyValues("apm.scavenger.enabled=true", "apm.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(UsageTracking.class));
	}

	@Test
	void isOnByProperty() {
		this.runner.withPropertyValues("apm.scavenger.enabled=true").run((context) -> {
			assertThat(context).hasSingleBean(UsageTracking.class);
			assertThat(context.getBean(UsageTracking.class).status().publication()).isNull();
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			max-methods=0                      | apm.scavenger.max-methods
			max-methods=1000001                | apm.scavenger.max-methods
			exclude-by-regex=(                 | apm.scavenger.exclude-by-regex
			interval=10ms                      | apm.scavenger.interval
			server-url=scavenger:8080          | 'apm.scavenger.server-url' is
			server-url=http://a:b@host         | 'apm.scavenger.server-url' is
			server-url=http://host:99999       | 'apm.scavenger.server-url' is
			server-url=http://host?key=a:b@    | 'apm.scavenger.server-url' is
			server-url=http://collector:8080   | apm.scavenger.api-key
			method-visibility=some             | apm.scavenger.method-visibility
			""")
	void wrongValueFailsTheStartWithItsName(String value, String property) {
		this.runner.withPropertyValues("apm.scavenger.enabled=true", "apm.scavenger." + value).run((context) -> {
			assertThat(context).hasFailed();
			List<String> messages = new ArrayList<>();
			for (Throwable cause = context.getStartupFailure(); cause != null; cause = cause.getCause()) {
				messages.add(String.valueOf(cause.getMessage()));
			}
			assertThat(String.join(" ", messages)).contains(property).doesNotContain("a:b@");
		});
	}

	@Test
	void keyIsASecret() {
		this.runner
			.withPropertyValues("apm.scavenger.enabled=true", "apm.scavenger.server-url=http://127.0.0.1:1",
					"apm.scavenger.api-key=s3cr3t")
			.run((context) -> assertThat(DeadCodeDescriptor.of(context.getBean(UsageTracking.class)) + " "
					+ context.getBean(ApmScavengerProperties.class))
				.doesNotContain("s3cr3t"));
	}

}
