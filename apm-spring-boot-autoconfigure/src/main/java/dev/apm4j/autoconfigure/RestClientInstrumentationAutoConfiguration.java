package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.http.HttpClientTracing;
import dev.apm4j.instrument.http.RestClientTracingPostProcessor;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.web.client.RestClient;

/**
 * Exit spans for the calls of {@link RestClient}: beans are hooked by a post-processor,
 * what Boot builds by its customizers.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnClass(RestClient.class)
@ConditionalOnInstrumentation("rest-client")
@ConditionalOnBean(ApmTracer.class)
@Import({ HttpClientTracingConfiguration.class, dev.apm4j.autoconfigure.boot3.RestClientTracingConfiguration.class,
		dev.apm4j.autoconfigure.boot4.RestClientTracingConfiguration.class })
public final class RestClientInstrumentationAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RestClientTracingPostProcessor restClientTracingPostProcessor(ObjectProvider<HttpClientTracing> tracing) {
		return new RestClientTracingPostProcessor(tracing::getObject);
	}

}
