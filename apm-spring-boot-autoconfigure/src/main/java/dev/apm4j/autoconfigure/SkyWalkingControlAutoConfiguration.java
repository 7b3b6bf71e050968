package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.export.skywalking.DynamicConfiguration;
import dev.apm4j.export.skywalking.SkyWalkingExporter;
import dev.apm4j.export.skywalking.ThreadProfiling;
import dev.apm4j.instrument.jdbc.JdbcTracing;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * What a SkyWalking server may have the application do while it runs: profile threads,
 * and trace more or less.
 */
@AutoConfiguration(before = ApmTracingAutoConfiguration.class)
@ConditionalOnSkyWalking
public final class SkyWalkingControlAutoConfiguration {

	@Bean
	@Order(70)
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "apm.skywalking.profile.enabled", matchIfMissing = true)
	ThreadProfiling apmSkyWalkingThreadProfiling() {
		return new ThreadProfiling();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "apm.skywalking.dynamic-configuration.enabled", matchIfMissing = true)
	static class DynamicConfigurationConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RemoteIgnoreRules apmRemoteIgnoreRules() {
			return new RemoteIgnoreRules();
		}

		/** What is changed is asked for late: the exporter itself needs the features. */
		@Bean
		@Order(80)
		@ConditionalOnMissingBean
		DynamicConfiguration apmSkyWalkingDynamicConfiguration(RemoteIgnoreRules ignored, Environment environment,
				ObjectProvider<ApmTracer> tracer, ObjectProvider<SkyWalkingExporter> exporter,
				ObjectProvider<JdbcTracing> jdbc) {
			int ownCap = environment.getProperty("apm.sampling.max-per-three-seconds", Integer.class, 0);
			return new DynamicConfiguration(List.of(SkyWalkingSetting.sampling(tracer::getIfAvailable, ownCap),
					SkyWalkingSetting.ignoredExtensions(ignored), SkyWalkingSetting.ignoredPaths(ignored),
					SkyWalkingSetting.spanLimit(exporter::getIfAvailable),
					SkyWalkingSetting.bindValues(jdbc::getIfAvailable)));
		}

	}

}
