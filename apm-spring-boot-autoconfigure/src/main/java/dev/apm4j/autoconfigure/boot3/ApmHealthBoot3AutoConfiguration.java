package dev.apm4j.autoconfigure.boot3;

import dev.apm4j.autoconfigure.ApmHealth;
import dev.apm4j.autoconfigure.ApmManagementAutoConfiguration;

import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health contributor {@code apm} on Spring Boot 3.
 */
@AutoConfiguration(after = ApmManagementAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(ApmHealth.class)
public final class ApmHealthBoot3AutoConfiguration {

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
