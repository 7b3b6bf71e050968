package dev.apm4j.autoconfigure.till;

import dev.apm4j.autoconfigure.UsageAutoConfiguration;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Opens the till while the context starts.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(UsageAutoConfiguration.class)
public class TillConfiguration {

	@Bean
	Till till(Environment environment) {
		Till till = new Till();
		till.open();
		if (environment.getProperty("broken", Boolean.class, Boolean.FALSE)) {
			throw new IllegalStateException("The till is broken");
		}
		return till;
	}

}
