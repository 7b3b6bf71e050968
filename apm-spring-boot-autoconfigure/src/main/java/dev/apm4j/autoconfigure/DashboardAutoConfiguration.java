package dev.apm4j.autoconfigure;

import java.util.Map;

import dev.apm4j.dashboard.Dashboard;
import dev.apm4j.dashboard.DashboardServlet;
import dev.apm4j.dashboard.DashboardSettings;
import dev.apm4j.dashboard.DashboardStatus;
import dev.apm4j.dashboard.DashboardWebHandler;
import dev.apm4j.dashboard.RequestOrigins;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.export.embedded.EndpointAggregates;
import dev.apm4j.export.embedded.StatementAggregates;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.usage.UsageTracking;
import jakarta.servlet.http.HttpServlet;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.WebHandler;

/**
 * The web page over the embedded store.
 */
@AutoConfiguration(after = { ApmTracingAutoConfiguration.class, ApmManagementAutoConfiguration.class,
		UsageAutoConfiguration.class })
@ConditionalOnWebApplication
@ConditionalOnBooleanProperty(name = "apm.dashboard.enabled", matchIfMissing = true)
@ConditionalOnBean({ ApmTracer.class, EmbeddedStore.class, ExportPipeline.class })
@EnableConfigurationProperties(ApmDashboardProperties.class)
public final class DashboardAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	InstrumentationReport apmInstrumentationReport(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<InstrumentationDetail> details) {
		return new InstrumentationReport(beanFactory, details);
	}

	@Bean
	@ConditionalOnMissingBean
	DashboardStatus apmDashboardStatus(ApmIdentity identity, ApmTracer tracer, ExportPipeline pipeline,
			InstrumentationReport instrumentations, ObjectProvider<BackendLeftOut> leftOut) {
		return new ApmDashboardStatus(identity, tracer, pipeline, instrumentations, leftOut.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	Dashboard apmDashboard(ApmDashboardProperties properties, EmbeddedStore store, EndpointAggregates endpoints,
			StatementAggregates statements, ObjectProvider<UsageTracking> usage, DashboardStatus status) {
		return new Dashboard(settings(properties), store, endpoints, statements, usage.getIfAvailable(), status);
	}

	private static DashboardSettings settings(ApmDashboardProperties properties) {
		try {
			return new DashboardSettings(properties.allowRemote(), properties.allowedHosts());
		}
		catch (IllegalArgumentException ex) {
			throw new ApmConfigurationException("apm.dashboard.allowed-hosts",
					String.join(", ", properties.allowedHosts()),
					"host names such as shop.example or shop.example:8443");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass(HttpServlet.class)
	static class ServletConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "apmDashboardServlet")
		ServletRegistrationBean<DashboardServlet> apmDashboardServlet(Dashboard dashboard) {
			ServletRegistrationBean<DashboardServlet> registration = new ServletRegistrationBean<>(
					new DashboardServlet(dashboard), "/apm", "/apm/*");
			registration.setName("apmDashboard");
			registration.setLoadOnStartup(-1);
			return registration;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@ConditionalOnClass(DispatcherHandler.class)
	static class WebFluxConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "apmDashboardMapping")
		SimpleUrlHandlerMapping apmDashboardMapping(Dashboard dashboard) {
			WebHandler handler = new DashboardWebHandler(dashboard);
			// Before the application's own, which may take whatever nobody else does.
			return new SimpleUrlHandlerMapping(
					Map.of(DashboardWebHandler.PATH, handler, DashboardWebHandler.PATH + "/**", handler),
					Ordered.HIGHEST_PRECEDENCE + 100);
		}

		@Bean
		@ConditionalOnMissingBean
		RequestOrigins apmDashboardOrigins() {
			return new RequestOrigins();
		}

	}

}
