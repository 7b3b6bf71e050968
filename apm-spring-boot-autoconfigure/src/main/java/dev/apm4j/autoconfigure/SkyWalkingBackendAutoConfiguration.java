package dev.apm4j.autoconfigure;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

import dev.apm4j.autoconfigure.ApmSkyWalkingProperties.Transport;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.skywalking.AddressRefresh;
import dev.apm4j.export.skywalking.GrpcTransport;
import dev.apm4j.export.skywalking.HttpTransport;
import dev.apm4j.export.skywalking.InstanceDescription;
import dev.apm4j.export.skywalking.KafkaTransport;
import dev.apm4j.export.skywalking.LifecycleEvents;
import dev.apm4j.export.skywalking.Management;
import dev.apm4j.export.skywalking.ServiceIdentity;
import dev.apm4j.export.skywalking.SkyWalkingBackend;
import dev.apm4j.export.skywalking.SkyWalkingExporter;
import dev.apm4j.export.skywalking.SkyWalkingNotices;
import dev.apm4j.export.skywalking.SkyWalkingSchedule;
import dev.apm4j.export.skywalking.SkyWalkingTransport;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;

/**
 * The SkyWalking backend. Where SkyWalking's own agent is attached it stays off.
 */
@AutoConfiguration(before = ApmTracingAutoConfiguration.class)
@ConditionalOnBackend(BackendChoice.SKYWALKING)
@EnableConfigurationProperties(ApmSkyWalkingProperties.class)
public final class SkyWalkingBackendAutoConfiguration {

	private static final Log logger = LogFactory.getLog(SkyWalkingBackendAutoConfiguration.class);

	@Bean
	@ConditionalOnMissingBean
	ServiceIdentity apmSkyWalkingIdentity(ApmSkyWalkingProperties properties, ApmIdentity identity) {
		return new SkyWalkingSettings(properties).identity(identity);
	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(SkyWalkingAgentAttached.class)
	static class LeftOutConfiguration {

		@Bean
		BackendLeftOut apmSkyWalkingLeftOut() {
			String reason = "SkyWalking's own agent is attached and reports everything; remove it, or the backend "
					+ "'skywalking' from apm.backend";
			logger.warn("apm4j's backend 'skywalking' is off: " + reason);
			return new BackendLeftOut(BackendChoice.SKYWALKING, reason);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "dev.apm4j.skywalking.proto.SegmentObject")
	@Conditional(SkyWalkingAgentAttached.Not.class)
	static class BackendConfiguration implements BeanClassLoaderAware {

		private @Nullable ClassLoader classLoader;

		@Override
		public void setBeanClassLoader(ClassLoader classLoader) {
			this.classLoader = classLoader;
		}

		@Bean
		@ConditionalOnMissingBean
		SkyWalkingTransport apmSkyWalkingTransport(ApmSkyWalkingProperties properties,
				ObjectProvider<SslBundles> sslBundles) {
			SkyWalkingSettings settings = new SkyWalkingSettings(properties);
			SslBundles bundles = sslBundles.getIfAvailable();
			return switch (properties.transport()) {
				case GRPC -> grpc(settings, bundles, properties.transport());
				case HTTP -> new HttpTransport(settings.channel(bundles));
				case KAFKA -> {
					require("org.apache.kafka.clients.producer.KafkaProducer", properties.transport(),
							"org.apache.kafka:kafka-clients");
					yield new KafkaTransport(settings.kafka(),
							settings.hasAddress() ? grpc(settings, bundles, properties.transport()) : null);
				}
			};
		}

		private SkyWalkingTransport grpc(SkyWalkingSettings settings, @Nullable SslBundles bundles,
				Transport transport) {
			require("io.grpc.netty.NettyChannelBuilder", transport, "io.grpc:grpc-netty");
			return new GrpcTransport(settings.channel(bundles));
		}

		private void require(String className, Transport transport, String dependency) {
			if (!ClassUtils.isPresent(className, this.classLoader)) {
				throw ApmConfigurationException.missingDependency("apm.skywalking.transport",
						transport.name().toLowerCase(Locale.ROOT), dependency);
			}
		}

		@Bean
		@ConditionalOnMissingBean
		SkyWalkingNotices apmSkyWalkingNotices() {
			return new SkyWalkingNotices();
		}

		@Bean
		@ConditionalOnMissingBean
		SkyWalkingSchedule apmSkyWalkingSchedule(SkyWalkingNotices notices, ObjectProvider<ApmTracer> tracer) {
			return new SkyWalkingSchedule(notices, new QuietScope(tracer));
		}

		@Bean(destroyMethod = "close")
		@ConditionalOnMissingBean
		SkyWalkingBackend apmSkyWalkingBackend(ServiceIdentity identity, SkyWalkingTransport transport,
				SkyWalkingSchedule schedule, SkyWalkingNotices notices,
				ObjectProvider<SkyWalkingBackend.Feature> features) {
			SkyWalkingBackend backend = new SkyWalkingBackend(identity, transport, schedule, notices);
			features.orderedStream().forEach(backend::add);
			return backend;
		}

		@Bean
		@ConditionalOnMissingBean
		SkyWalkingExporter apmSkyWalkingExporter(SkyWalkingBackend backend, ApmSkyWalkingProperties properties) {
			return new SkyWalkingExporter(backend, new SkyWalkingSettings(properties).maxMessageSize());
		}

		@Bean
		@Order(0)
		@ConditionalOnMissingBean
		Management apmSkyWalkingManagement(ApmSkyWalkingProperties properties, ServiceIdentity identity,
				ApmIdentity agent) {
			return new Management(new SkyWalkingSettings(properties).keepAlive(), new InstanceDescription(identity,
					agent.version(), jvmArguments(), properties.instanceProperties(), this.classLoader));
		}

		@Bean
		@Order(10)
		@ConditionalOnMissingBean
		LifecycleEvents apmSkyWalkingLifecycleEvents() {
			return new LifecycleEvents(ManagementFactory.getRuntimeMXBean().getStartTime(),
					() -> String.join(" ", jvmArguments()));
		}

		@Bean
		@Order(20)
		@ConditionalOnMissingBean
		AddressRefresh apmSkyWalkingAddressRefresh(ApmSkyWalkingProperties properties) {
			return new AddressRefresh(new SkyWalkingSettings(properties).dnsRefresh());
		}

		private static List<String> jvmArguments() {
			return JvmArguments.masked(ManagementFactory.getRuntimeMXBean().getInputArguments());
		}

		// Not started where the pipeline leaves the backend out, as it does in tests.
		@Bean
		@Lazy(false)
		SmartInitializingSingleton apmSkyWalkingStart(SkyWalkingBackend backend,
				ObjectProvider<ExportPipeline> pipeline) {
			return () -> {
				ExportPipeline present = pipeline.getIfAvailable();
				if (present != null && present.backends()
					.stream()
					.anyMatch((each) -> SkyWalkingExporter.NAME.equals(each.name()))) {
					backend.start();
				}
			};
		}

	}

}
