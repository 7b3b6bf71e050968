package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.autoconfigure.ApmEndpoint.InstrumentationDescriptor;
import dev.apm4j.instrument.jdbc.DataSourceState;
import dev.apm4j.instrument.jdbc.DataSourceTracingPostProcessor;
import dev.apm4j.instrument.jdbc.JdbcSettings;
import dev.apm4j.instrument.jdbc.JdbcTracing;
import dev.apm4j.instrument.jdbc.OutsideRequests;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Exit spans for the statements of every data source bean.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnInstrumentation("jdbc")
@ConditionalOnBean(ApmTracer.class)
@EnableConfigurationProperties(ApmJdbcProperties.class)
public final class JdbcInstrumentationAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static DataSourceTracingPostProcessor apmDataSourceTracingPostProcessor(ObjectProvider<JdbcTracing> tracing,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		return new DataSourceTracingPostProcessor(tracing::getObject, new JdbcVeto(beanFactory, environment));
	}

	// Static: a data source may need it before this configuration could be made.
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static JdbcTracing apmJdbcTracing(Environment environment, ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<ApmTracer> tracer) {
		ApmJdbcProperties properties = ApmJdbcProperties.of(environment);
		JdbcTracing tracing = new JdbcTracing(new ExistingTracer(beanFactory),
				settings(properties, environment, beanFactory));
		if (properties.outsideTraces() == OutsideRequests.ALWAYS) {
			makeIfPossible(tracer);
		}
		return tracing;
	}

	private static JdbcSettings settings(ApmJdbcProperties properties, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		int threshold = properties.repeatedThreshold();
		if (threshold < 0 || threshold == 1) {
			throw new ApmConfigurationException("apm.jdbc.repeated-threshold", threshold,
					"0 for never, or a whole number of 2 or more");
		}
		List<String> packages = Binder.get(environment)
			.bind("apm.application-packages", Bindable.listOf(String.class))
			.orElse(List.of());
		if (packages.isEmpty() && AutoConfigurationPackages.has(beanFactory)) {
			packages = AutoConfigurationPackages.get(beanFactory);
		}
		return new JdbcSettings(properties.bindValues(), threshold, packages, properties.outsideTraces());
	}

	/**
	 * The tracer before the first statement, unless the data source is made for the
	 * tracer's sake.
	 */
	private static void makeIfPossible(ObjectProvider<ApmTracer> tracer) {
		try {
			tracer.ifAvailable((made) -> {
			});
		}
		catch (BeansException ex) {
			// In creation, or failing: then it fails where it is needed, with its reason.
		}
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	JdbcStart apmJdbcStart(ObjectProvider<JdbcTracing> tracing, DataSourceTracingPostProcessor postProcessor,
			ApplicationContext context) {
		return new JdbcStart(tracing, postProcessor, context);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	InstrumentationDetail apmJdbcDetail(DataSourceTracingPostProcessor postProcessor,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		JdbcVeto veto = new JdbcVeto(beanFactory, environment);
		return () -> {
			String other = veto.other();
			long traced = postProcessor.states().stream().filter(DataSourceState::isTraced).count();
			return (other != null) ? new InstrumentationDescriptor("jdbc", false, other)
					: new InstrumentationDescriptor("jdbc", true,
							traced + ((traced == 1) ? " data source is traced" : " data sources are traced"));
		};
	}

}
