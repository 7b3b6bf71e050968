package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.batch.ScheduledJobs;
import dev.apm4j.trace.ApmTracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

/**
 * A job for each run of a {@code @Scheduled} method. Comes after the configurations of
 * both lines of Spring Boot that observe scheduled tasks, whose registry it then uses.
 */
@AutoConfiguration(after = ApmTracingAutoConfiguration.class, afterName = {
		"org.springframework.boot.actuate.autoconfigure.scheduling.ScheduledTasksObservabilityAutoConfiguration",
		"org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration" })
@ConditionalOnInstrumentation("scheduled")
@ConditionalOnBean(ApmTracer.class)
public final class ScheduledInstrumentationAutoConfiguration {

	// By type: the name that Spring gives the processor differs between its lines.
	@Bean
	@ConditionalOnBean(ScheduledAnnotationBeanPostProcessor.class)
	ScheduledJobs apmScheduledJobs(ObjectProvider<ApmTracer> tracer) {
		return new ScheduledJobs(tracer::getObject);
	}

}
