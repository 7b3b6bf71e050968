package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.SpanAdvisor;
import dev.apm4j.instrument.batch.BatchProfilingInterceptor;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;

/**
 * A job for each call of a {@code @BatchProfiling} method.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnInstrumentation("batch-profiling")
@ConditionalOnBean(ApmTracer.class)
@Import(ProxyCreatorRegistrar.class)
public final class BatchProfilingInstrumentationAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static SpanAdvisor apmBatchProfilingAdvisor(ObjectProvider<ApmTracer> tracer) {
		return new SpanAdvisor(new BatchProfilingInterceptor(tracer::getObject), SpanAdvisor.JOB_ORDER);
	}

}
