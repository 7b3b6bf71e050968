package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.export.whatap.ActivityCounters;
import dev.apm4j.export.whatap.AgentControl;
import dev.apm4j.export.whatap.ConfigurationListener;
import dev.apm4j.export.whatap.JvmCounters;
import dev.apm4j.export.whatap.LogReport;
import dev.apm4j.export.whatap.PoolConnections;
import dev.apm4j.export.whatap.PoolConnectionsSource;
import dev.apm4j.export.whatap.PoolCounters;
import dev.apm4j.export.whatap.WhaTapBackend;
import dev.apm4j.instrument.SecretNames;
import dev.apm4j.instrument.logging.LogCapture;
import dev.apm4j.metrics.JarNames;
import dev.apm4j.metrics.JvmSampler;
import dev.apm4j.metrics.MeterReader;
import dev.apm4j.metrics.ProcessSampler;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * What the WhaTap backend reports beside transactions: counters and log lines, and what
 * the local agent asks for.
 */
@AutoConfiguration(before = ApmTracingAutoConfiguration.class)
@ConditionalOnBackend(BackendChoice.WHATAP)
@ConditionalOnBooleanProperty(name = "apm.whatap.enabled", matchIfMissing = true)
public final class WhaTapSignalsAutoConfiguration {

	/** Of several sources the first that knows any pool: they know the same ones. */
	private static PoolConnectionsSource first(ObjectProvider<PoolConnectionsSource> sources) {
		return () -> sources.orderedStream()
			.map(PoolConnectionsSource::pools)
			.filter((pools) -> !pools.isEmpty())
			.findFirst()
			.orElse(List.of());
	}

	@Bean
	@Order(0)
	@ConditionalOnClass(name = "javax.sql.DataSource")
	PoolConnectionsSource apmWhaTapDataSourcePools(ConfigurableListableBeanFactory beanFactory) {
		return new DataSourcePools(beanFactory);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "apm.whatap.counters.enabled", matchIfMissing = true)
	@EnableConfigurationProperties(ApmWhaTapCountersProperties.class)
	static class CountersConfiguration {

		private static final Duration SHORTEST = Duration.ofSeconds(1);

		@Bean
		@Order(20)
		@ConditionalOnMissingBean
		JvmCounters apmWhaTapJvmCounters(ApmWhaTapCountersProperties properties) {
			return new JvmCounters(new JvmSampler(), new ProcessSampler(), interval(properties));
		}

		@Bean
		@Order(30)
		@ConditionalOnMissingBean
		ActivityCounters apmWhaTapActivityCounters(ApmWhaTapCountersProperties properties,
				ObjectProvider<PoolConnectionsSource> pools) {
			return new ActivityCounters(first(pools), interval(properties));
		}

		static Duration interval(ApmWhaTapCountersProperties properties) {
			if (properties.interval().compareTo(SHORTEST) < 0) {
				throw new ApmConfigurationException("apm.whatap.counters.interval", properties.interval(),
						"a duration of 1s or more");
			}
			return properties.interval();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	static class MetersConfiguration {

		@Bean
		@Order(10)
		PoolConnectionsSource apmWhaTapMeteredPools(ObjectProvider<MeterRegistry> registry) {
			return () -> {
				MeterRegistry unique = registry.getIfUnique();
				return (unique != null) ? PoolCounters.connections(new MeterReader(unique)).pools()
						: List.<PoolConnections>of();
			};
		}

		/** The registry is asked for late: its own beans may need the tracer. */
		@Bean
		@Order(40)
		@ConditionalOnBooleanProperty(name = "apm.whatap.counters.enabled", matchIfMissing = true)
		WhaTapBackend.Feature apmWhaTapPoolCounters(ApmWhaTapCountersProperties properties,
				ObjectProvider<MeterRegistry> registry) {
			Duration interval = CountersConfiguration.interval(properties);
			return (backend) -> registry
				.ifUnique((unique) -> new PoolCounters(new MeterReader(unique), interval).start(backend));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "apm.whatap.control.enabled", matchIfMissing = true)
	static class ControlConfiguration implements BeanClassLoaderAware {

		private @Nullable ClassLoader classLoader;

		@Override
		public void setBeanClassLoader(ClassLoader classLoader) {
			this.classLoader = classLoader;
		}

		@Bean
		@Order(50)
		@ConditionalOnMissingBean
		AgentControl apmWhaTapControl(ApmIdentity identity, ObjectProvider<PoolConnectionsSource> pools,
				ObjectProvider<ConfigurationListener> listeners) {
			return new AgentControl(first(pools),
					() -> JarNames.of(this.classLoader, System.getProperty("java.class.path", "")),
					() -> introduction(identity),
					(configuration) -> listeners.orderedStream().forEach((each) -> each.received(configuration)));
		}

		/** Under names that no agent takes for its own. */
		private static Map<String, String> introduction(ApmIdentity identity) {
			Map<String, String> introduction = new LinkedHashMap<>();
			introduction.put("apm4j.version", identity.version());
			introduction.put("apm4j.service", identity.service());
			introduction.put("apm4j.instance", identity.instance());
			introduction.put("apm4j.java", Runtime.version().toString());
			return introduction;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("apm.whatap.logs.enabled")
	@EnableConfigurationProperties(ApmWhaTapLogsProperties.class)
	static class LogsConfiguration {

		/** Nothing in a datagram may be longer than 48 KiB. */
		private static final int LONGEST = 16 * 1024;

		@Bean
		@Order(60)
		@ConditionalOnMissingBean
		LogReport apmWhaTapLogs(ApmWhaTapLogsProperties properties) {
			int maxLength = PropertyCheck.between("apm.whatap.logs.max-length", properties.maxLength(), 100, LONGEST);
			return new LogReport(PropertyCheck.atLeast("apm.whatap.logs.queue-size", properties.queueSize(), 16),
					maxLength, SecretNames.STANDARD::contains);
		}

		/** After the report, and so at its end before it. */
		@Bean
		@Order(70)
		WhaTapLogAppender apmWhaTapLogAppender(ApmWhaTapLogsProperties properties, LogReport report,
				ObjectProvider<ApmTracer> tracer) {
			return new WhaTapLogAppender(new LogAppender("apm.whatap.logs.enabled",
					new LogCapture(report, tracer::getIfAvailable, List.of()), properties.level()));
		}

	}

}
