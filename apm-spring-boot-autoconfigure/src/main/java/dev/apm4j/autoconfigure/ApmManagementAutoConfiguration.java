package dev.apm4j.autoconfigure;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.instrument.jdbc.DataSourceTracingPostProcessor;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.usage.UsageTracking;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The agent as the actuator shows it: endpoint, info and meters. Health is adapted to
 * each Boot line elsewhere.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnBean({ ApmTracer.class, ExportPipeline.class, PropagationSettings.class })
public final class ApmManagementAutoConfiguration {

	@Bean
	ApmHealth apmHealth(ExportPipeline pipeline, ApmProperties properties) {
		return new ApmHealth(pipeline, properties.health().downWithBackend());
	}

	@Bean
	InstrumentationReport apmInstrumentationReport(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<InstrumentationDetail> details) {
		return new InstrumentationReport(beanFactory, details);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnAvailableEndpoint
		@ConditionalOnMissingBean
		ApmEndpoint apmEndpoint(ApmIdentity identity, ApmTracer tracer, ExportPipeline pipeline,
				PropagationSettings propagation, InstrumentationReport instrumentations,
				ConfigurableListableBeanFactory beanFactory, ObjectProvider<DataSourceTracingPostProcessor> dataSources,
				ObjectProvider<BackendLeftOut> leftOut, ObjectProvider<UsageTracking> usage, Environment environment) {
			return new ApmEndpoint(identity, tracer, pipeline, propagation.inForce(), instrumentations,
					new UnhookedReport(beanFactory, dataSources, environment), leftOut.orderedStream().toList(),
					usage.getIfAvailable());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(InfoContributor.class)
	static class InfoConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "apmInfoContributor")
		InfoContributor apmInfoContributor(ApmIdentity identity, ExportPipeline pipeline) {
			return new ApmInfo(identity, pipeline);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetersConfiguration {

		@Bean
		ApmMeters apmMeters(ExportPipeline pipeline) {
			return new ApmMeters(pipeline);
		}

	}

}
