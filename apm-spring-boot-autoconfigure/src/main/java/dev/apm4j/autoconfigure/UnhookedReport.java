package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import dev.apm4j.autoconfigure.ApmEndpoint.Finding;
import dev.apm4j.instrument.jdbc.DataSourceState;
import dev.apm4j.instrument.jdbc.DataSourceTracingPostProcessor;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * What the application has that nothing here traces: a user who misses a span finds the
 * reason on the actuator endpoint instead of guessing.
 */
final class UnhookedReport {

	private static final String DATA_SOURCE = "javax.sql.DataSource";

	private static final String OBSERVED = "traced through its Observation where that is enabled";

	/** Types of beans that have no instrumentation of their own, and what to do. */
	private static final Map<String, String> TYPES = Map.ofEntries(
			Map.entry("java.net.http.HttpClient", "use it through RestClient or RestTemplate to see its calls"),
			Map.entry("okhttp3.OkHttpClient", "use it through RestClient or RestTemplate to see its calls"),
			Map.entry("org.apache.hc.client5.http.classic.HttpClient",
					"use it through RestClient or RestTemplate to see its calls"),
			Map.entry("org.springframework.web.reactive.DispatcherHandler",
					"WebFlux requests are traced through their Observation"),
			Map.entry("org.springframework.kafka.core.KafkaTemplate",
					OBSERVED + ": spring.kafka.template.observation-enabled=true"),
			Map.entry("org.springframework.amqp.rabbit.core.RabbitTemplate",
					OBSERVED + ": spring.rabbitmq.template.observation-enabled=true"),
			Map.entry("org.springframework.data.redis.connection.RedisConnectionFactory", OBSERVED),
			Map.entry("com.mongodb.client.MongoClient", OBSERVED),
			Map.entry("io.r2dbc.spi.ConnectionFactory", "SQL statements are not traced yet"));

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<DataSourceTracingPostProcessor> dataSources;

	UnhookedReport(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<DataSourceTracingPostProcessor> dataSources) {
		this.beanFactory = beanFactory;
		this.dataSources = dataSources;
	}

	List<Finding> findings() {
		List<Finding> findings = new ArrayList<>();
		ClassLoader classLoader = this.beanFactory.getBeanClassLoader();
		TYPES.forEach((className, hint) -> {
			if (!ClassUtils.isPresent(className, classLoader)) {
				return;
			}
			Class<?> type = ClassUtils.resolveClassName(className, classLoader);
			for (String bean : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type, true,
					false)) {
				findings.add(finding(bean, className, hint));
			}
		});
		addDataSources(findings);
		findings.sort((one, other) -> one.what().compareTo(other.what()));
		return findings;
	}

	/** Data sources that were not created yet may still be traced, and are left out. */
	private void addDataSources(List<Finding> findings) {
		DataSourceTracingPostProcessor postProcessor = this.dataSources.getIfAvailable();
		if (postProcessor != null) {
			for (DataSourceState state : postProcessor.states()) {
				if (!state.isTraced()) {
					findings.add(finding(state.beanName(), DATA_SOURCE, "SQL is not traced: " + state.obstacle()));
				}
			}
			return;
		}
		for (String bean : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, DataSource.class, true,
				false)) {
			findings.add(finding(bean, DATA_SOURCE, "SQL is not traced: the instrumentation 'jdbc' is off"));
		}
	}

	private static Finding finding(String bean, String className, String hint) {
		return new Finding("bean '" + bean + "' of type " + className, hint);
	}

}
