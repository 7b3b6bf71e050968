package dev.apm4j.instrument.batch;

import java.util.function.Supplier;

import dev.apm4j.trace.ApmTracer;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.core.Ordered;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * Makes each run of a {@code @Scheduled} method a job, through the Observation that
 * Spring opens around it: the bean gets no proxy, so that private methods, final classes
 * and methods that return a publisher are traced like any other.
 * <p>
 * Where the application has no Observations for scheduled tasks, they get a registry that
 * nobody else uses. Tasks that are scheduled by code have no Observation in Spring and so
 * no job here.
 */
public final class ScheduledJobs implements SchedulingConfigurer, Ordered, AutoCloseable {

	private final ScheduledJobHandler handler;

	/**
	 * Creates the configurer.
	 * @param tracer gives the tracer at the first run
	 */
	public ScheduledJobs(Supplier<ApmTracer> tracer) {
		this.handler = new ScheduledJobHandler(tracer);
	}

	/** After those who bring a registry. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void configureTasks(ScheduledTaskRegistrar registrar) {
		ObservationRegistry registry = registrar.getObservationRegistry();
		if (registry == null || registry.isNoop()) {
			// One with a handler would make all other Observations in it cost something.
			registry = ObservationRegistry.create();
			registrar.setObservationRegistry(registry);
		}
		registry.observationConfig().observationHandler(this.handler);
	}

	/**
	 * Ends the tracing of jobs; the registry may outlive this application context.
	 */
	@Override
	public void close() {
		this.handler.close();
	}

}
