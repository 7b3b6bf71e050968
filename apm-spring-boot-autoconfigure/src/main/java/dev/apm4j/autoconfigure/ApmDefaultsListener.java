package dev.apm4j.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Sets defaults of Spring Boot that tracing needs, behind everything that the application
 * sets itself: ids in the default log line, and in a WebFlux application the current span
 * inside Reactor's operators. It runs before logging is initialised, which reads the
 * first of them.
 */
class ApmDefaultsListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final String NAME = "apm4j defaults";

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		boolean enabled = environment.getProperty("apm.enabled", Boolean.class, Boolean.TRUE);
		if (!enabled || environment.getPropertySources().contains(NAME)) {
			return;
		}
		boolean logging = OnInstrumentationCondition.isEnabled(environment, "logging");
		Map<String, Object> defaults = new HashMap<>();
		defaults.put("logging.expect-correlation-id", String.valueOf(logging));
		if (event.getSpringApplication().getWebApplicationType() == WebApplicationType.REACTIVE) {
			// Elsewhere the span is found where a client is subscribed to, and what this
			// does
			// for every operator of every Reactor library would cost more than all spans.
			defaults.put("spring.reactor.context-propagation", "auto");
		}
		// Spring Boot moves the application's own defaults behind everything else later.
		defaults.keySet().removeIf(environment::containsProperty);
		environment.getPropertySources().addLast(new MapPropertySource(NAME, defaults));
	}

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER - 1;
	}

}
