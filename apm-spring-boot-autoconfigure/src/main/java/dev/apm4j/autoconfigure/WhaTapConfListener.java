package dev.apm4j.autoconfigure;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Makes properties of {@code whatap.conf} where WhaTap is a backend: the same file that
 * the local agent reads. It runs after logging is initialised, as there is something to
 * say of such a file.
 */
class WhaTapConfListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		if (environment.getProperty("apm.enabled", Boolean.class, Boolean.TRUE)
				&& !environment.getPropertySources().contains(WhaTapConf.NAME)
				&& OnBackendCondition.isChosen(environment, BackendChoice.WHATAP)) {
			WhaTapConf.addTo(environment, isBatch(event, environment));
		}
	}

	/** The property is not bound to the application yet. */
	private static boolean isBatch(ApplicationEnvironmentPreparedEvent event, ConfigurableEnvironment environment) {
		String type = environment.getProperty("spring.main.web-application-type");
		return (type != null) ? WebApplicationType.NONE.name().equalsIgnoreCase(type.strip())
				: event.getSpringApplication().getWebApplicationType() == WebApplicationType.NONE;
	}

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

}
