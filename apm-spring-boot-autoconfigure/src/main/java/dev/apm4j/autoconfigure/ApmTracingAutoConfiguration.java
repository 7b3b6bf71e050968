package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.SegmentExporter;
import dev.apm4j.export.SegmentTally;
import dev.apm4j.export.skywalking.ServiceIdentity;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.HeaderCodec;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.ApmTracerBuilder;
import dev.apm4j.trace.ScopeListener;
import dev.apm4j.trace.SegmentSink;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.SpanCustomizer;
import io.micrometer.tracing.Tracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * The tracer of the application, its propagator and its pipeline. With a {@link Tracer}
 * of the user's own all of it backs off; the tracers of Spring Boot's own tracing modules
 * back off before it, as this comes first.
 */
@AutoConfiguration(beforeName = { "org.springframework.boot.actuate.autoconfigure.tracing.BraveAutoConfiguration",
		"org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration",
		"org.springframework.boot.actuate.autoconfigure.tracing.NoopTracerAutoConfiguration",
		"org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" },
		afterName = { "dev.apm4j.autoconfigure.EmbeddedBackendAutoConfiguration",
				"dev.apm4j.autoconfigure.SkyWalkingBackendAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "apm.enabled", matchIfMissing = true)
@EnableConfigurationProperties({ ApmProperties.class, ApmExportProperties.class })
public final class ApmTracingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ApmIdentity apmIdentity(ApmProperties properties, Environment environment) {
		return ApmIdentity.of(properties, environment);
	}

	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	ApmStartupReport apmStartupReport(ApmIdentity identity, ConfigurableListableBeanFactory beanFactory,
			Environment environment) {
		return new ApmStartupReport(identity, beanFactory, environment);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(Tracer.class)
	static class TracerConfiguration {

		@Bean(destroyMethod = "close")
		@ConditionalOnMissingBean
		ExportPipeline apmExportPipeline(ApmProperties properties, ApmExportProperties export,
				ObjectProvider<SegmentExporter> exporters, ObjectProvider<SegmentTally> tallies,
				ObjectProvider<ApmTracer> tracer, ObjectProvider<BackendLeftOut> leftOut, Environment environment) {
			List<SegmentExporter> chosen = new BackendChoice(environment).choose(
					BackendChoice.without(properties, leftOut.orderedStream().toList()), export,
					exporters.orderedStream().toList());
			return new ExportPipeline(export.toSettings(), chosen, tallies.orderedStream().toList(),
					tracer::getIfAvailable);
		}

		// When everything is there and its settings are right: a start that fails leaves
		// no thread behind.
		@Bean
		@Lazy(false)
		SmartInitializingSingleton apmPipelineStart(ExportPipeline pipeline) {
			return pipeline::start;
		}

		@Bean
		@Lazy(false)
		SegmentSinks apmSegmentSinks(ObjectProvider<SegmentSink> sinks, ConfigurableListableBeanFactory beanFactory) {
			return new SegmentSinks(sinks, beanFactory);
		}

		@Bean
		ApmTracer apmTracer(ApmProperties properties, SegmentSinks sinks, ObjectProvider<ScopeListener> listeners,
				Environment environment) {
			ApmTracerBuilder builder = ApmTracer.builder()
				.sink(sinks.sink())
				.sampling(new TracerSettings(environment).sampling(properties.sampling()))
				.limits(TracerSettings.limits(properties.limits()))
				.baggageFields(properties.baggage().remoteFields())
				.baggageTags(properties.baggage().tagFields());
			listeners.orderedStream().forEach(builder::scopeListener);
			return builder.build();
		}

		@Bean
		@ConditionalOnMissingBean
		PropagationSettings apmPropagationSettings(ApmProperties properties, ApmIdentity identity,
				ObjectProvider<HeaderCodec> codecs, ObjectProvider<ServiceIdentity> skyWalking,
				ObjectProvider<BackendLeftOut> leftOut) {
			ServiceIdentity sent = skyWalking.getIfAvailable();
			// Only sw8 carries names: those under which SkyWalking knows this process.
			ApmIdentity named = (sent != null)
					? new ApmIdentity(sent.service(), sent.instance(), identity.version(), identity.startedAt())
					: identity;
			String cluster = (sent != null) ? sent.cluster() : null;
			return PropagationSettings.of(BackendChoice.without(properties, leftOut.orderedStream().toList()), named,
					(cluster != null) ? cluster : "", codecs.orderedStream().toList());
		}

		@Bean
		@Primary
		ApmPropagator apmPropagator(ApmTracer tracer, PropagationSettings settings) {
			return new ApmPropagator(tracer, settings.consume(), settings.produce());
		}

		@Bean
		@ConditionalOnMissingBean
		CurrentTraceContext apmCurrentTraceContext(ApmTracer tracer) {
			return tracer.currentTraceContext();
		}

		@Bean
		@ConditionalOnMissingBean
		SpanCustomizer apmSpanCustomizer(ApmTracer tracer) {
			return tracer.currentSpanCustomizer();
		}

	}

}
