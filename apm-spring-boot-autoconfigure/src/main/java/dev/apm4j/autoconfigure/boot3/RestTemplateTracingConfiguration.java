package dev.apm4j.autoconfigure.boot3;

import dev.apm4j.autoconfigure.ObservedCalls;
import dev.apm4j.instrument.http.HttpClientKind;
import dev.apm4j.instrument.http.HttpClientTracing;
import dev.apm4j.instrument.http.ObservedClient;
import dev.apm4j.instrument.http.TracingClientHttpRequestInterceptor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.client.RestTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/**
 * Hooks what Boot's {@code RestTemplateBuilder} builds.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.web.client.RestTemplateCustomizer",
		"org.springframework.web.client.RestTemplate" })
public final class RestTemplateTracingConfiguration {

	@Bean
	RestTemplateCustomizer apmRestTemplateCustomizer(HttpClientTracing tracing, ObservedCalls observed) {
		RestTemplateCustomizer hook = customizer(
				new TracingClientHttpRequestInterceptor(tracing, HttpClientKind.REST_TEMPLATE));
		ObservedClient mark = new ObservedClient(HttpClientKind.REST_TEMPLATE);
		return (restTemplate) -> {
			if (observed.ofRestTemplates()) {
				mark.addTo(restTemplate.getClientHttpRequestInitializers());
			}
			else {
				hook.customize(restTemplate);
			}
		};
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RestTemplateBuilderTracingPostProcessor restTemplateBuilderTracingPostProcessor(
			ObjectProvider<HttpClientTracing> tracing) {
		return new RestTemplateBuilderTracingPostProcessor(() -> customizer(
				new TracingClientHttpRequestInterceptor(tracing.getObject(), HttpClientKind.REST_TEMPLATE)));
	}

	private static RestTemplateCustomizer customizer(TracingClientHttpRequestInterceptor interceptor) {
		return (restTemplate) -> {
			if (!ObservedClient.isTraced(restTemplate)) {
				interceptor.addTo(restTemplate.getInterceptors());
			}
		};
	}

}
