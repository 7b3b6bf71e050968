package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.autoconfigure.EndpointPathsConfiguration.EndpointPaths;
import dev.apm4j.instrument.servlet.RecordedDetails;
import dev.apm4j.instrument.servlet.RequestEnd;
import dev.apm4j.instrument.servlet.RequestEndValve;
import dev.apm4j.instrument.servlet.RouteInterceptor;
import dev.apm4j.instrument.servlet.TracingFilter;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletListenerRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.handler.MappedInterceptor;

/**
 * The filter that opens a span for each request of a servlet application. It is outside
 * all other filters, Boot's observation filter included, whose Observation then adopts
 * the span.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnInstrumentation("servlet")
@ConditionalOnBean(ApmTracer.class)
@EnableConfigurationProperties(ApmWebProperties.class)
@Import(EndpointPathsConfiguration.class)
public final class ServletInstrumentationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "apmTracingFilter")
	FilterRegistrationBean<TracingFilter> apmTracingFilter(ApmTracer tracer, Propagator propagator,
			ApmWebProperties properties, Environment environment, ObjectProvider<EndpointPaths> endpointPaths,
			ObjectProvider<RemoteIgnoreRules> remote) {
		IgnoredRequests ignored = IgnoredRequests.of(properties, environment, endpointPaths.getIfAvailable(),
				remote.getIfAvailable());
		RecordedDetails details = new RecordedDetails(properties.query(), properties.userAgent(),
				properties.clientAddress(), properties.serverAddress(), properties.protocolVersion(),
				properties.maskedParameters());
		TracingFilter filter = new TracingFilter(tracer, propagator, new ServletHeaderGetter(),
				(request) -> ignored.matches(request.getMethod(), path(request)), details);
		FilterRegistrationBean<TracingFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setName("apmTracingFilter");
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		registration.setAsyncSupported(true);
		registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR,
				DispatcherType.FORWARD);
		return registration;
	}

	/**
	 * Tells the filter when the container has finished a request, error page included,
	 * unless an embedded Tomcat does that at less cost.
	 */
	@Bean
	@ConditionalOnBean(name = "apmTracingFilter")
	ServletListenerRegistrationBean<TracingFilter> apmTracingListener(
			@Qualifier("apmTracingFilter") FilterRegistrationBean<TracingFilter> registration,
			ObjectProvider<RequestEnd> requestEnds) {
		return new ServletListenerRegistrationBean<>(registration.getFilter()) {

			@Override
			protected void register(String description, ServletContext servletContext) {
				if (requestEnds.stream().noneMatch(RequestEnd::isInstalled)) {
					super.register(description, servletContext);
				}
			}

		};
	}

	/**
	 * Not for a Tomcat that the application is deployed to, whose engine is not its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.apache.catalina.Valve")
	@Import({ dev.apm4j.autoconfigure.boot3.TomcatConfiguration.class,
			dev.apm4j.autoconfigure.boot4.TomcatConfiguration.class })
	static class TomcatConfiguration {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		RequestEndValve apmRequestEndValve() {
			return new RequestEndValve();
		}

	}

	/**
	 * Spring MVC names the span before the handler is called. Every handler mapping finds
	 * this bean by its type.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MappedInterceptor.class)
	static class RouteConfiguration {

		@Bean
		MappedInterceptor apmRouteInterceptor() {
			return new MappedInterceptor(null, new RouteInterceptor());
		}

	}

	private static String path(HttpServletRequest request) {
		String servletPath = request.getServletPath();
		String pathInfo = request.getPathInfo();
		return (pathInfo == null) ? servletPath : servletPath.isEmpty() ? pathInfo : servletPath + pathInfo;
	}

}
