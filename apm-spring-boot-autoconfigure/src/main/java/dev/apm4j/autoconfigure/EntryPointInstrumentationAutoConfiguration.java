package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.SpanAdvisor;
import dev.apm4j.instrument.method.EntryPointInterceptor;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;

/**
 * An entry for each call of an {@code @EntryPoint} method.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnInstrumentation("entry-point")
@ConditionalOnBean(ApmTracer.class)
@Import(ProxyCreatorRegistrar.class)
public final class EntryPointInstrumentationAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static SpanAdvisor apmEntryPointAdvisor(ObjectProvider<ApmTracer> tracer, ObjectProvider<Propagator> propagator) {
		return new SpanAdvisor(new EntryPointInterceptor(tracer::getObject, propagator::getIfAvailable),
				SpanAdvisor.ENTRY_ORDER);
	}

}
