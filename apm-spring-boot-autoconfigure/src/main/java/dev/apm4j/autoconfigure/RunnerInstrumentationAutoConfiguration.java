package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.instrument.batch.RunnerPostProcessor;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/**
 * A job for each {@link CommandLineRunner} and {@link ApplicationRunner}.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class)
@ConditionalOnInstrumentation("runners")
@ConditionalOnBean(ApmTracer.class)
public final class RunnerInstrumentationAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RunnerPostProcessor apmRunnerPostProcessor(ObjectProvider<ApmTracer> tracer) {
		return new RunnerPostProcessor(List.of(CommandLineRunner.class, ApplicationRunner.class), tracer::getObject);
	}

}
