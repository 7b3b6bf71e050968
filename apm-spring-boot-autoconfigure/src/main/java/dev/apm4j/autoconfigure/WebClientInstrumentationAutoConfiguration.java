package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.http.HttpClientTracing;
import dev.apm4j.instrument.http.WebClientTracingPostProcessor;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Exit spans for the calls of {@link WebClient}: beans are hooked by a post-processor,
 * what Boot builds by its customizers.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnClass(WebClient.class)
@ConditionalOnInstrumentation("web-client")
@ConditionalOnBean(ApmTracer.class)
@Import({ HttpClientTracingConfiguration.class, dev.apm4j.autoconfigure.boot3.WebClientTracingConfiguration.class,
		dev.apm4j.autoconfigure.boot4.WebClientTracingConfiguration.class })
public final class WebClientInstrumentationAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static WebClientTracingPostProcessor webClientTracingPostProcessor(ObjectProvider<HttpClientTracing> tracing) {
		return new WebClientTracingPostProcessor(tracing::getObject);
	}

}
