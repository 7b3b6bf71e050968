package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.apm4j.usage.ScavengerConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts to record calls as soon as it is known whether they are to be recorded: before
 * the application's classes, all but the main one, are loaded.
 */
class UsageStartListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	static final String BEAN_NAME = "apmUsageStart";

	private static final String SOURCE_NAME = "scavenger.conf";

	private static final Log logger = LogFactory.getLog(UsageStartListener.class);

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		if (!isWanted(environment)) {
			return;
		}
		addConfigurationOfScavenger(environment);
		SpringApplication application = event.getSpringApplication();
		List<Class<?>> classes = classes(application);
		ApmScavengerProperties properties = properties(environment);
		List<String> packages = defaultPackages(environment, classes);
		if (packages.isEmpty() && properties.packages().isEmpty()) {
			// Perhaps no application, but a helper such as Spring Cloud's bootstrap.
			return;
		}
		UsageStart start = UsageStart.now(new ScavengerSettings(properties).scan(packages), classes);
		register(application, start);
	}

	/** Spring Cloud's restart endpoint, for one, runs the same application again. */
	private static void register(SpringApplication application, UsageStart start) {
		List<ApplicationContextInitializer<?>> initializers = new ArrayList<>(application.getInitializers());
		initializers.removeIf(Registration.class::isInstance);
		initializers.add(new Registration(start));
		application.setInitializers(initializers);
	}

	private static boolean isWanted(ConfigurableEnvironment environment) {
		// While beans are generated at build time, nothing of the application runs.
		return environment.getProperty("apm.enabled", Boolean.class, Boolean.TRUE)
				&& environment.getProperty("apm.scavenger.enabled", Boolean.class, Boolean.FALSE)
				&& !Boolean.getBoolean("spring.aot.processing");
	}

	/** Behind all others, so that properties of ours count. */
	private static void addConfigurationOfScavenger(ConfigurableEnvironment environment) {
		if (environment.getPropertySources().contains(SOURCE_NAME)) {
			return;
		}
		ScavengerConfiguration configuration = ScavengerConfiguration.load();
		configuration.problems().forEach((problem) -> logger.warn("Not used of Scavenger's configuration: " + problem));
		configuration.notes().forEach((note) -> logger.info("Of Scavenger's configuration: " + note));
		if (!configuration.properties().isEmpty()) {
			environment.getPropertySources()
				.addLast(new MapPropertySource(SOURCE_NAME, Map.copyOf(configuration.properties())));
		}
	}

	private static ApmScavengerProperties properties(ConfigurableEnvironment environment) {
		return Binder.get(environment).bindOrCreate("apm.scavenger", ApmScavengerProperties.class);
	}

	private static List<String> defaultPackages(ConfigurableEnvironment environment, List<Class<?>> classes) {
		BindResult<List<String>> configured = Binder.get(environment)
			.bind("apm.application-packages", Bindable.listOf(String.class));
		if (configured.isBound() && !configured.get().isEmpty()) {
			return configured.get();
		}
		Set<String> packages = new TreeSet<>();
		classes.stream().map(Class::getPackageName).filter((name) -> !name.isEmpty()).forEach(packages::add);
		return List.copyOf(packages);
	}

	/** The main class is only a guess, and in tests that of the test runner. */
	private static List<Class<?>> classes(SpringApplication application) {
		List<Class<?>> classes = new ArrayList<>();
		for (Object source : application.getAllSources()) {
			if (source instanceof Class<?> type) {
				classes.add(type);
			}
		}
		Class<?> mainClass = application.getMainApplicationClass();
		if (classes.isEmpty() && mainClass != null) {
			classes.add(mainClass);
		}
		return classes;
	}

	@Override
	public int getOrder() {
		// What is wrong can be said in the log then.
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	/** Hands the start of one run of the application to its context. */
	private record Registration(
			UsageStart start) implements ApplicationContextInitializer<ConfigurableApplicationContext> {

		@Override
		public void initialize(ConfigurableApplicationContext context) {
			ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
			beanFactory.registerSingleton(BEAN_NAME, this.start);
			if (beanFactory instanceof DefaultListableBeanFactory registry) {
				registry.registerDisposableBean(BEAN_NAME, this.start::close);
			}
		}

	}

}
