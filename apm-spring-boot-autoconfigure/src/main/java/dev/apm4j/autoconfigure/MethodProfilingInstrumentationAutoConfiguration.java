package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.SpanAdvisor;
import dev.apm4j.instrument.method.MethodProfilingInterceptor;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;

/**
 * Local spans for the calls of {@code @MethodProfiling} methods.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnInstrumentation("method-profiling")
@ConditionalOnBean(ApmTracer.class)
@Import(ProxyCreatorRegistrar.class)
public final class MethodProfilingInstrumentationAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static SpanAdvisor apmMethodProfilingAdvisor(ObjectProvider<ApmTracer> tracer) {
		return new SpanAdvisor(new MethodProfilingInterceptor(tracer::getObject), SpanAdvisor.LOCAL_ORDER);
	}

}
