package dev.apm4j.autoconfigure;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.whatap.WhaTapBackend;
import dev.apm4j.export.whatap.WhaTapExporter;
import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;

/**
 * The WhaTap backend.
 */
@AutoConfiguration(before = ApmTracingAutoConfiguration.class)
@ConditionalOnBackend(BackendChoice.WHATAP)
@EnableConfigurationProperties(ApmWhaTapProperties.class)
public final class WhaTapBackendAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "apm.whatap.enabled", havingValue = false)
	static class LeftOutConfiguration {

		@Bean
		BackendLeftOut apmWhaTapLeftOut() {
			return new BackendLeftOut(BackendChoice.WHATAP, "apm.whatap.enabled is false");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "apm.whatap.enabled", matchIfMissing = true)
	static class BackendConfiguration {

		// Told of a segment's end before the pipeline is, which sends it on.
		@Bean(destroyMethod = "close")
		@Order(0)
		@ConditionalOnMissingBean
		WhaTapBackend apmWhaTapBackend(ApmWhaTapProperties properties, ObjectProvider<ApmTracer> tracer,
				ObjectProvider<WhaTapBackend.Feature> features) {
			WhaTapBackend backend = new WhaTapBackend(CheckedWhaTapProperties.of(properties),
					SecretNames.STANDARD::contains, new QuietScope(tracer));
			features.orderedStream().forEach(backend::add);
			return backend;
		}

		@Bean
		@ConditionalOnMissingBean
		WhaTapExporter apmWhaTapExporter(WhaTapBackend backend) {
			return new WhaTapExporter(backend);
		}

		// Not started where the pipeline leaves the backend out, as it does in tests.
		@Bean
		@Lazy(false)
		SmartInitializingSingleton apmWhaTapStart(WhaTapBackend backend, ObjectProvider<ExportPipeline> pipeline) {
			return () -> {
				ExportPipeline present = pipeline.getIfAvailable();
				if (present != null
						&& present.backends().stream().anyMatch((each) -> WhaTapExporter.NAME.equals(each.name()))) {
					backend.start();
				}
				else {
					// It would keep the segments that it is told of.
					backend.close();
				}
			};
		}

	}

}
