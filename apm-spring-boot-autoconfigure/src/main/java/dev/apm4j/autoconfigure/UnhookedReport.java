package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import dev.apm4j.autoconfigure.ApmEndpoint.Finding;
import dev.apm4j.instrument.jdbc.DataSourceState;
import dev.apm4j.instrument.jdbc.DataSourceTracingPostProcessor;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * What the application has that nothing here traces: a user who misses a span finds the
 * reason on the actuator endpoint instead of guessing.
 */
final class UnhookedReport {

	private static final String DATA_SOURCE = "javax.sql.DataSource";

	private static final String THROUGH_SPRING = "use it through RestClient or RestTemplate to see its calls";

	/** Types of beans that have no instrumentation of their own, and what to do. */
	private static final List<Gap> GAPS = List.of(Gap.of("java.net.http.HttpClient", THROUGH_SPRING),
			Gap.of("okhttp3.OkHttpClient", THROUGH_SPRING),
			Gap.of("org.apache.hc.client5.http.classic.HttpClient", THROUGH_SPRING),
			Gap.of("io.grpc.Channel", "calls are not traced yet"),
			Gap.of("io.r2dbc.spi.ConnectionFactory", "SQL statements are not traced yet"),
			Gap.of("org.quartz.Scheduler",
					"jobs are not traced yet: let them call a bean's method with @BatchProfiling"),
			Gap.observed("org.springframework.data.redis.connection.RedisConnectionFactory"),
			Gap.observed("com.mongodb.client.MongoClient"),
			Gap.unlessBean("org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor",
					"org.springframework.core.task.TaskDecorator",
					"methods with @Async run without the caller's span: declare a ContextPropagatingTaskDecorator bean"),
			Gap.unlessClass("org.springframework.cloud.openfeign.FeignClientFactory",
					"feign.micrometer.MicrometerObservationCapability",
					"calls of Feign clients are traced through their Observation: add io.github.openfeign:feign-micrometer"),
			Gap.unlessSet("org.springframework.kafka.core.KafkaTemplate", "spring.kafka.template.observation-enabled"),
			Gap.unlessSet("org.springframework.kafka.config.KafkaListenerEndpointRegistry",
					"spring.kafka.listener.observation-enabled"),
			Gap.unlessSet("org.springframework.amqp.rabbit.core.RabbitTemplate",
					"spring.rabbitmq.template.observation-enabled"),
			Gap.unlessSet("org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry",
					"spring.rabbitmq.listener.simple.observation-enabled",
					"spring.rabbitmq.listener.direct.observation-enabled"));

	private static final String WEBFLUX = "org.springframework.web.reactive.DispatcherHandler";

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<DataSourceTracingPostProcessor> dataSources;

	private final Environment environment;

	UnhookedReport(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<DataSourceTracingPostProcessor> dataSources, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.dataSources = dataSources;
	}

	List<Finding> findings() {
		List<Finding> findings = new ArrayList<>();
		boolean observing = OnInstrumentationCondition.isEnabled(this.environment, "observation");
		for (Gap gap : GAPS) {
			if (!isClosed(gap, observing)) {
				add(findings, gap.type(), gap.hint());
			}
		}
		if (!observing) {
			add(findings, WEBFLUX,
					"requests are traced through their Observation, and the instrumentation " + "'observation' is off");
		}
		addDataSources(findings);
		findings.sort((one, other) -> one.what().compareTo(other.what()));
		return findings;
	}

	private boolean isClosed(Gap gap, boolean observing) {
		if (observing && gap.properties().stream().anyMatch(this::isSet)) {
			return true;
		}
		return (observing && gap.closingClass() != null && isPresent(gap.closingClass()))
				|| (gap.closingBean() != null && !beans(gap.closingBean()).isEmpty());
	}

	private boolean isSet(String property) {
		return "true".equalsIgnoreCase(this.environment.getProperty(property));
	}

	private void add(List<Finding> findings, String type, String hint) {
		beans(type).forEach((bean) -> findings.add(finding(bean, type, hint)));
	}

	private List<String> beans(String className) {
		if (!isPresent(className)) {
			return List.of();
		}
		Class<?> type = ClassUtils.resolveClassName(className, this.beanFactory.getBeanClassLoader());
		return List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type, true, false));
	}

	private boolean isPresent(String className) {
		return ClassUtils.isPresent(className, this.beanFactory.getBeanClassLoader());
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

	/**
	 * A technology that is not traced, unless the application has what closes the gap.
	 *
	 * @param type class name of its beans
	 * @param hint what to do
	 * @param properties of which any that is true closes the gap, through an Observation
	 * @param closingClass whose presence closes it, through an Observation
	 * @param closingBean class name of beans that close it
	 */
	private record Gap(String type, String hint, List<String> properties, @Nullable String closingClass,
			@Nullable String closingBean) {

		private static final String OBSERVED = "traced through its Observation where that is enabled";

		static Gap of(String type, String hint) {
			return new Gap(type, hint, List.of(), null, null);
		}

		static Gap observed(String type) {
			return of(type, OBSERVED);
		}

		static Gap unlessSet(String type, String... properties) {
			return new Gap(type, OBSERVED + ": " + properties[0] + "=true", List.of(properties), null, null);
		}

		static Gap unlessClass(String type, String closing, String hint) {
			return new Gap(type, hint, List.of(), closing, null);
		}

		static Gap unlessBean(String type, String closing, String hint) {
			return new Gap(type, hint, List.of(), null, closing);
		}

	}

}
