package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.async.TraceContextAccessors;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * The current span for Micrometer's context propagation, and so for Reactor.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class,
		afterName = { "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@ConditionalOnClass(ContextRegistry.class)
@ConditionalOnInstrumentation("context-propagation")
@ConditionalOnBean(ApmTracer.class)
public final class ContextPropagationInstrumentationAutoConfiguration {

	@Bean(destroyMethod = "close")
	@Lazy(false)
	@ConditionalOnMissingBean
	TraceContextAccessors apmTraceContextAccessors(ApmTracer tracer, ObjectProvider<ObservationRegistry> observations) {
		return new TraceContextAccessors(ContextRegistry.getInstance(),
				observations.getIfUnique(ObservationRegistry::create), tracer);
	}

}
