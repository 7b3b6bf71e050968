package dev.apm4j.autoconfigure;

import dev.apm4j.usage.UsageTracking;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsageStartListener}.
 */
class UsageStartListenerTests {

	@Test
	void sameApplicationCanRunAgain() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		UsageTracking first = run(application);
		assertThat(run(application)).isNotSameAs(first);
	}

	private static UsageTracking run(SpringApplication application) {
		try (ConfigurableApplicationContext context = application.run("--apm.scavenger.enabled=true",
				"--apm.scavenger.packages=dev.apm4j.nothing.here", "--apm.scavenger.code-base=target/nothing")) {
			assertThat(context.getBean(UsageTracking.class).status().recording().reason()).isNull();
			return context.getBean(UsageTracking.class);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(UsageAutoConfiguration.class)
	static class Application {

	}

}
