package dev.apm4j.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Spring Boot is set to unless the application sets it.
 */
class ApmDefaultsListenerTests {

	private static final String REACTOR = "spring.reactor.context-propagation";

	private static final String CORRELATION = "logging.expect-correlation-id";

	private final SpringApplication application = new SpringApplication(Empty.class);

	private interface Check {

		void accept(Environment environment);

	}

	private void run(Check check, String... arguments) {
		this.application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = this.application.run(arguments)) {
			check.accept(context.getEnvironment());
		}
	}

	@Test
	void logLinesExpectTheIds() {
		run((environment) -> {
			assertThat(environment.getProperty(CORRELATION)).isEqualTo("true");
			assertThat(environment.getProperty(REACTOR)).isNull();
		});
	}

	@Test
	void reactorCarriesTheSpanInAReactiveApplication() {
		this.application.setWebApplicationType(WebApplicationType.REACTIVE);
		this.application.setApplicationContextFactory((type) -> new GenericApplicationContext());
		try (ConfigurableApplicationContext context = this.application.run()) {
			assertThat(context.getEnvironment().getProperty(REACTOR)).isEqualTo("auto");
		}
	}

	@Test
	void argumentOfTheUserWins() {
		run((environment) -> {
			assertThat(environment.getProperty(REACTOR)).isEqualTo("limited");
			assertThat(environment.getProperty(CORRELATION)).isEqualTo("false");
		}, "--" + REACTOR + "=limited", "--" + CORRELATION + "=false");
	}

	@Test
	void evenDefaultOfTheUserWins() {
		this.application.setDefaultProperties(Map.of(REACTOR, "limited"));
		run((environment) -> assertThat(environment.getProperty(REACTOR)).isEqualTo("limited"));
	}

	@Test
	void agentThatIsOffSetsNothing() {
		run((environment) -> assertThat(environment.getProperty(REACTOR)).isNull(), "--apm.enabled=false");
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
