package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.usage.UsageTracking;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * The search for dead code, independent of tracing.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "apm.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty("apm.scavenger.enabled")
@EnableConfigurationProperties({ ApmProperties.class, ApmScavengerProperties.class })
public final class UsageAutoConfiguration {

	/**
	 * Late, where no SpringApplication made the context: what was loaded before is not
	 * known then.
	 */
	@Bean
	@ConditionalOnMissingBean
	UsageStart apmUsageStart(ApmScavengerProperties properties, ApmProperties common,
			ConfigurableListableBeanFactory beanFactory) {
		List<String> packages = common.applicationPackages();
		if (packages.isEmpty() && AutoConfigurationPackages.has(beanFactory)) {
			packages = AutoConfigurationPackages.get(beanFactory);
		}
		return UsageStart.now(new ScavengerSettings(properties).scan(packages), List.of());
	}

	/** Ends with its start, which is the last to go. */
	@Bean(destroyMethod = "")
	@Lazy(false)
	@ConditionalOnMissingBean
	UsageTracking apmUsageTracking(UsageStart start, ApmScavengerProperties properties, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		UsageTracking tracking = start.tracking(new ScavengerSettings(properties).usage(environment),
				beanFactory.getBeanClassLoader());
		tracking.start();
		return tracking;
	}

}
