package dev.apm4j.autoconfigure;

import dev.apm4j.export.embedded.EmbeddedExporter;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.export.embedded.EndpointAggregates;
import dev.apm4j.export.embedded.StatementAggregates;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.util.unit.DataSize;

/**
 * The embedded backend: traces in memory, and counts of every request.
 */
@AutoConfiguration(before = ApmTracingAutoConfiguration.class)
@ConditionalOnBackend(BackendChoice.EMBEDDED)
@EnableConfigurationProperties(ApmEmbeddedProperties.class)
public final class EmbeddedBackendAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EmbeddedStore apmEmbeddedStore(ApmEmbeddedProperties properties) {
		DataSize size = properties.maxSize();
		if (size.toBytes() < EmbeddedStore.MIN_BYTES) {
			throw new ApmConfigurationException("apm.embedded.max-size", size, "a size of 1MB or more, such as 64MB");
		}
		return new EmbeddedStore(size.toBytes(), PropertyCheck.positive("apm.embedded.slow", properties.slow()));
	}

	@Bean
	@ConditionalOnMissingBean
	EmbeddedExporter apmEmbeddedExporter(EmbeddedStore store, ApmIdentity identity) {
		return new EmbeddedExporter(store, identity.service(), identity.instance());
	}

	@Bean
	@ConditionalOnMissingBean
	EndpointAggregates apmEndpointAggregates() {
		return new EndpointAggregates();
	}

	@Bean
	@ConditionalOnMissingBean
	StatementAggregates apmStatementAggregates() {
		return new StatementAggregates();
	}

}
