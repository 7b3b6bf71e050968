package dev.apm4j.instrument.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * The filter over Brave, and without the listener: any tracer will do, and a container
 * that doesn't report the end of a request.
 */
class BraveTracingFilterTests extends TracingFilterKit {

	@Override
	TracerFixture fixture() {
		return TracerFixture.brave();
	}

	@Override
	Class<?>[] configuration() {
		return new Class<?>[] { FilterConfiguration.class };
	}

	@Configuration(proxyBeanMethods = false)
	static class FilterConfiguration {

		@Bean
		FilterRegistrationBean<TracingFilter> filter(TracerFixture fixture) {
			FilterRegistrationBean<TracingFilter> registration = new FilterRegistrationBean<>(
					new TracingFilter(fixture.tracer(), fixture.propagator(), HttpServletRequest::getHeader,
							(request) -> false, RecordedDetails.DEFAULT));
			registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
			registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR,
					DispatcherType.FORWARD);
			return registration;
		}

	}

}
