package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Map;

import dev.apm4j.dashboard.Dashboard;
import dev.apm4j.export.Backend;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;
import io.micrometer.tracing.Tracer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Says in one log line that the application is traced and where to look, or why it is
 * not; and which of its properties have names that it does not know.
 */
final class ApmStartupReport implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(ApmStartupReport.class);

	/** Micrometer's bridges to other tracers, which Spring Boot leaves unused now. */
	private static final Map<String, String> BRIDGES = Map.of("io.micrometer.tracing.brave.bridge.BraveTracer",
			"micrometer-tracing-bridge-brave", "io.micrometer.tracing.otel.bridge.OtelTracer",
			"micrometer-tracing-bridge-otel");

	private final ApmIdentity identity;

	private final ObjectProvider<ApmTracer> tracer;

	private final ObjectProvider<Tracer> anyTracer;

	private final ObjectProvider<ExportPipeline> pipeline;

	private final UnknownProperties unknownProperties;

	private final @Nullable ClassLoader classLoader;

	private final ObjectProvider<Dashboard> dashboard;

	private final Environment environment;

	ApmStartupReport(ApmIdentity identity, ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.identity = identity;
		this.tracer = beanFactory.getBeanProvider(ApmTracer.class);
		this.anyTracer = beanFactory.getBeanProvider(Tracer.class);
		this.pipeline = beanFactory.getBeanProvider(ExportPipeline.class);
		this.dashboard = beanFactory.getBeanProvider(Dashboard.class);
		this.unknownProperties = new UnknownProperties(environment);
		this.classLoader = beanFactory.getBeanClassLoader();
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.unknownProperties.findings().forEach(logger::warn);
		ApmTracer ours = this.tracer.getIfAvailable();
		if (ours == null) {
			this.anyTracer.stream()
				.findFirst()
				.ifPresent((foreign) -> logger.warn("apm4j is off: the application has a Tracer bean of its own, "
						+ foreign.getClass().getName() + ". Remove it, or the starter"));
			return;
		}
		List<String> backends = this.pipeline.stream()
			.flatMap((present) -> present.backends().stream())
			.map(Backend::name)
			.toList();
		SamplingPolicy policy = ours.samplingPolicy();
		logger.info("apm4j " + this.identity.version() + " traces '" + this.identity.service() + "' to "
				+ (backends.isEmpty() ? "no backend" : String.join(", ", backends)) + ", sampling "
				+ Math.round(policy.rate() * 1000) / 10.0 + " %" + page(backends));
		BRIDGES.forEach((tracer, artifact) -> {
			if (ClassUtils.isPresent(tracer, this.classLoader)) {
				logger.warn("apm4j is the tracer now: " + artifact + " on the class path makes no spans, and what is "
						+ "set up to send them gets none. Remove it, or the starter, or set apm.enabled=false");
			}
		});
	}

	/** Where the traces of the embedded backend can be seen. */
	private String page(List<String> backends) {
		if (!backends.contains(BackendChoice.EMBEDDED)) {
			return "";
		}
		if (this.dashboard.getIfAvailable() == null) {
			return ", without a page";
		}
		String contextPath = this.environment.getProperty("server.servlet.context-path",
				this.environment.getProperty("spring.webflux.base-path", ""));
		return ", page at " + (contextPath.equals("/") ? "" : contextPath) + "/apm";
	}

}
