package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.apm4j.autoconfigure.ApmSkyWalkingProperties.Transport;
import dev.apm4j.export.skywalking.JvmMetricsReport;
import dev.apm4j.export.skywalking.LogReport;
import dev.apm4j.export.skywalking.MeterReport;
import dev.apm4j.export.skywalking.SkyWalkingBackend;
import dev.apm4j.instrument.logging.LogCapture;
import dev.apm4j.metrics.JvmSampler;
import dev.apm4j.metrics.MeterReader;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * What the SkyWalking backend reports beside traces: the JVM, meters and log lines.
 */
@AutoConfiguration(before = ApmTracingAutoConfiguration.class)
@ConditionalOnSkyWalking
public final class SkyWalkingSignalsAutoConfiguration {

	@Bean
	@Order(30)
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "apm.skywalking.jvm-metrics.enabled", matchIfMissing = true)
	JvmMetricsReport apmSkyWalkingJvmMetrics() {
		return new JvmMetricsReport(new JvmSampler());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	@ConditionalOnBooleanProperty(name = "apm.skywalking.meters.enabled", matchIfMissing = true)
	@EnableConfigurationProperties(ApmSkyWalkingMetersProperties.class)
	static class MetersConfiguration {

		private static final Duration SHORTEST = Duration.ofSeconds(1);

		/** The registry is asked for late: its own beans may need the tracer. */
		@Bean
		@Order(40)
		SkyWalkingBackend.Feature apmSkyWalkingMeters(ApmSkyWalkingMetersProperties properties,
				ObjectProvider<MeterRegistry> registry) {
			Duration interval = properties.interval();
			if (interval.compareTo(SHORTEST) < 0) {
				throw new ApmConfigurationException("apm.skywalking.meters.interval", interval,
						"a duration of 1s or more");
			}
			return (backend) -> registry
				.ifUnique((unique) -> new MeterReport(new MeterReader(unique), properties.include(), interval)
					.start(backend));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("apm.skywalking.logs.enabled")
	@EnableConfigurationProperties(ApmSkyWalkingLogsProperties.class)
	static class LogsConfiguration {

		@Bean
		@Order(50)
		@ConditionalOnMissingBean
		LogReport apmSkyWalkingLogs(ApmSkyWalkingLogsProperties properties) {
			return new LogReport(PropertyCheck.atLeast("apm.skywalking.logs.queue-size", properties.queueSize(), 16),
					PropertyCheck.atLeast("apm.skywalking.logs.max-length", properties.maxLength(), 100));
		}

		/** After the report, and so at its end before it. */
		@Bean
		@Order(60)
		SkyWalkingLogAppender apmSkyWalkingLogAppender(ApmSkyWalkingLogsProperties properties,
				ApmSkyWalkingProperties backend, LogReport report, ObjectProvider<ApmTracer> tracer) {
			return new SkyWalkingLogAppender(new LogAppender("apm.skywalking.logs.enabled",
					new LogCapture(report, tracer::getIfAvailable, carriers(backend.transport())), properties.level()));
		}

		private static List<String> carriers(Transport transport) {
			return switch (transport) {
				case GRPC -> List.of("io.grpc", "io.netty");
				case HTTP -> List.of("jdk.internal.httpclient");
				case KAFKA -> List.of("io.grpc", "io.netty", "org.apache.kafka");
			};
		}

	}

}
