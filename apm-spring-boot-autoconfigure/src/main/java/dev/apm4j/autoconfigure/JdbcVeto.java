package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Why data sources are not traced: the application doesn't want it, or has something else
 * that does. What is active tells its auto-configuration, a bean definition under its
 * class name, as its conditions have decided already.
 */
final class JdbcVeto implements Function<String, @Nullable String> {

	private static final String SCOPED_TARGET = "scopedTarget.";

	private static final Map<String, Other> OTHERS = Map.of(
			"net.ttddyy.observation.boot.autoconfigure.DataSourceObservationAutoConfiguration",
			new Other("datasource-micrometer", "jdbc.datasource-proxy.enabled"),
			"com.github.gavlyukovskiy.boot.jdbc.decorator.DataSourceDecoratorAutoConfiguration",
			new Other("datasource-decorator (p6spy or datasource-proxy)", "decorator.datasource.enabled"));

	private static final String LISTENER = "net.ttddyy.observation.tracing.DataSourceObservationListener";

	private final List<String> excludedBeans;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	JdbcVeto(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.excludedBeans = ApmJdbcProperties.of(environment).excludeBeans();
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public @Nullable String apply(String beanName) {
		String name = beanName.startsWith(SCOPED_TARGET) ? beanName.substring(SCOPED_TARGET.length()) : beanName;
		if (this.excludedBeans.contains(name)) {
			return "apm.jdbc.exclude-beans names it";
		}
		return other();
	}

	/** What else traces all data sources, as half a sentence. */
	@Nullable String other() {
		for (Map.Entry<String, Other> entry : OTHERS.entrySet()) {
			Other other = entry.getValue();
			if (this.beanFactory.containsBeanDefinition(entry.getKey())
					&& this.environment.getProperty(other.property(), Boolean.class, true)) {
				return other.name() + " follows all statements; with " + other.property() + "=false they are traced";
			}
		}
		return hasListener() ? "datasource-micrometer follows the statements" : null;
	}

	private boolean hasListener() {
		ClassLoader classLoader = this.beanFactory.getBeanClassLoader();
		return ClassUtils.isPresent(LISTENER, classLoader) && this.beanFactory
			.getBeanNamesForType(ClassUtils.resolveClassName(LISTENER, classLoader), true, false).length > 0;
	}

	/**
	 * What else may follow statements.
	 *
	 * @param name its name
	 * @param property what switches it off
	 */
	private record Other(String name, String property) {
	}

}
