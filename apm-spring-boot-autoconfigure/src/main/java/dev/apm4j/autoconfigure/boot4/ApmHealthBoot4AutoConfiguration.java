package dev.apm4j.autoconfigure.boot4;

import dev.apm4j.autoconfigure.ApmHealth;
import dev.apm4j.autoconfigure.ApmManagementAutoConfiguration;

import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health contributor {@code apm} on Spring Boot 4.
 */
@AutoConfiguration(after = ApmManagementAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(ApmHealth.class)
public final class ApmHealthBoot4AutoConfiguration {

	/** Apart, as its condition is a class that the other line does not have. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnEnabledHealthIndicator("apm")
	static class HealthIndicatorConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "apmHealthIndicator")
		HealthIndicator apmHealthIndicator(ApmHealth health) {
			return new AbstractHealthIndicator("apm health check failed") {

				@Override
				protected void doHealthCheck(Health.Builder builder) {
					(health.isDown() ? builder.down() : builder.up()).withDetails(health.details());
				}

			};
		}

	}

}
