package dev.apm4j.autoconfigure.boot4;

import dev.apm4j.instrument.http.HttpClientTracing;
import dev.apm4j.instrument.http.TracingExchangeFilterFunction;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Hooks what Boot's configured {@code WebClient.Builder} builds.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.webclient.WebClientCustomizer",
		"org.springframework.web.reactive.function.client.WebClient" })
public final class WebClientTracingConfiguration {

	@Bean
	WebClientCustomizer apmWebClientCustomizer(HttpClientTracing tracing) {
		TracingExchangeFilterFunction filter = new TracingExchangeFilterFunction(tracing);
		return (builder) -> builder.filters(filter::addTo);
	}

}
