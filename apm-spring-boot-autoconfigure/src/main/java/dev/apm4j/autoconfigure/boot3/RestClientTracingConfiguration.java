package dev.apm4j.autoconfigure.boot3;

import dev.apm4j.autoconfigure.ObservedCalls;
import dev.apm4j.instrument.http.HttpClientKind;
import dev.apm4j.instrument.http.HttpClientTracing;
import dev.apm4j.instrument.http.ObservedClient;
import dev.apm4j.instrument.http.TracingClientHttpRequestInterceptor;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.client.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Hooks what Boot's configured {@code RestClient.Builder} builds.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.web.client.RestClientCustomizer",
		"org.springframework.web.client.RestClient" })
public final class RestClientTracingConfiguration {

	@Bean
	RestClientCustomizer apmRestClientCustomizer(HttpClientTracing tracing, ObservedCalls observed) {
		TracingClientHttpRequestInterceptor interceptor = new TracingClientHttpRequestInterceptor(tracing,
				HttpClientKind.REST_CLIENT);
		ObservedClient mark = new ObservedClient(HttpClientKind.REST_CLIENT);
		return (builder) -> {
			if (observed.ofRestClients()) {
				builder.requestInitializers(mark::addTo);
			}
			else {
				builder.requestInterceptors(interceptor::addTo);
			}
		};
	}

}
