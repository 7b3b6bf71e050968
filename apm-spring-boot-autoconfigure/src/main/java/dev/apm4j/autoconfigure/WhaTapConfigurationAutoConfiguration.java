package dev.apm4j.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.export.whatap.CallIdentity;
import dev.apm4j.export.whatap.ConfigurationWatch;
import dev.apm4j.export.whatap.WhaTapBackend;
import dev.apm4j.instrument.jdbc.JdbcTracing;
import dev.apm4j.propagation.WhaTapCodec;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * What WhaTap's agents on other servers and on this one share with the application:
 * headers, and the file {@code whatap.conf}, which takes effect while it runs.
 */
@AutoConfiguration(after = WhaTapBackendAutoConfiguration.class, before = ApmTracingAutoConfiguration.class)
@ConditionalOnBackend(BackendChoice.WHATAP)
@ConditionalOnBooleanProperty(name = "apm.whatap.enabled", matchIfMissing = true)
public final class WhaTapConfigurationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	WhaTapCodec apmWhaTapHeaders(ApmWhaTapProperties properties, WhaTapBackend backend) {
		CallIdentity identity = backend.identity();
		return new WhaTapCodec(CheckedWhaTapProperties.headers(properties.mtrace()), identity::enabled,
				identity::object, identity::nameHash);
	}

	/** Annotated property sources and default properties were added behind it. */
	@Bean
	static BeanFactoryPostProcessor apmWhaTapConfIsLast(ConfigurableEnvironment environment) {
		return (beanFactory) -> WhaTapConf.moveToEnd(environment);
	}

	@Bean
	@ConditionalOnMissingBean
	RemoteIgnoreRules apmRemoteIgnoreRules() {
		return new RemoteIgnoreRules();
	}

	/** What is changed is asked for late: it may need the backend's tracer itself. */
	@Bean
	@Order(80)
	WhaTapBackend.Feature apmWhaTapConfWatch(ConfigurableEnvironment environment, RemoteIgnoreRules ignored,
			ObjectProvider<ApmTracer> tracer, ObjectProvider<JdbcTracing> jdbc) {
		WhaTapConf conf = WhaTapConf.of(environment);
		if (conf == null) {
			return (backend) -> {
			};
		}
		Map<String, Runnable> actions = new HashMap<>();
		actions.put(WhaTapKeys.IGNORE_PATHS, ignorePaths(environment, ignored));
		actions.put(WhaTapKeys.BIND_VALUES, () -> jdbc.ifAvailable((tracing) -> tracing
			.setBindValues(environment.getProperty(WhaTapKeys.BIND_VALUES, Boolean.class, Boolean.FALSE))));
		actions.put(WhaTapKeys.MAX_PER_THREE_SECONDS, () -> tracer
			.ifAvailable((present) -> present.setSamplingPolicy(present.samplingPolicy()
				.withMaxPerThreeSeconds(environment.getProperty(WhaTapKeys.MAX_PER_THREE_SECONDS, Integer.class, 0)))));
		return (backend) -> {
			Runnable reconfigure = () -> backend.reconfigure(CheckedWhaTapProperties.of(environment));
			WhaTapKeys.all()
				.stream()
				.filter(WhaTapKey::live)
				.forEach((key) -> actions.putIfAbsent(String.valueOf(key.property()), reconfigure));
			new ConfigurationWatch(conf.file(), ConfigurationWatch.DEFAULT_RATE,
					new WhaTapReload(conf, environment, Map.copyOf(actions)))
				.start(backend);
		};
	}

	private static Runnable ignorePaths(Environment environment, RemoteIgnoreRules ignored) {
		List<String> own = ignorePaths(environment);
		return () -> {
			List<String> paths = ignorePaths(environment);
			ignored.paths(paths.equals(own) ? null : String.join(",", paths));
		};
	}

	private static List<String> ignorePaths(Environment environment) {
		return Binder.get(environment).bind(WhaTapKeys.IGNORE_PATHS, Bindable.listOf(String.class)).orElse(List.of());
	}

}
