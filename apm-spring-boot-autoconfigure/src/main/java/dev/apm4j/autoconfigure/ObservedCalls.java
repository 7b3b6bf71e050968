package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.instrument.observation.ApmObservationHandler;
import dev.apm4j.instrument.observation.Treatment;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.http.client.observation.ClientRequestObservationConvention;

/**
 * Finds out whether Spring's Observation is certain to make a span of each call of the
 * RestTemplates and RestClients that Boot builds, so that they need no interceptor.
 * <p>
 * It is as soon as nothing but Boot itself has a say in it. Whatever the application adds
 * that may leave an Observation out, by a rule or while it runs, brings the interceptor
 * back, which sees for each call whether there is a span. Asked when a client is built;
 * thread-safe.
 */
public final class ObservedCalls {

	private static final Logger logger = LoggerFactory.getLogger(ObservedCalls.class);

	/** What may add a predicate to the registry; moved between the lines of Boot. */
	private static final List<String> REGISTRY_CUSTOMIZERS = List.of(
			"org.springframework.boot.actuate.autoconfigure.observation.ObservationRegistryCustomizer",
			"org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer");

	private final ConfigurableListableBeanFactory beans;

	private final Environment environment;

	ObservedCalls(ConfigurableListableBeanFactory beans, Environment environment) {
		this.beans = beans;
		this.environment = environment;
	}

	/**
	 * Whether calls of Boot's RestTemplates are observed and traced.
	 * @return whether an interceptor would find a span each time
	 */
	public boolean ofRestTemplates() {
		return isCertain("observationRestTemplateCustomizer");
	}

	/**
	 * Whether calls of Boot's RestClients are observed and traced.
	 * @return whether an interceptor would find a span each time
	 */
	public boolean ofRestClients() {
		return isCertain("observationRestClientCustomizer");
	}

	private boolean isCertain(String customizer) {
		try {
			return isSwitchedOn() && this.beans.containsBean(customizer) && isBoots(customizer)
					&& has(ApmObservationHandler.class) && !has(ClientRequestObservationConvention.class)
					&& areAllBoots(ObservationPredicate.class) && areAllBoots(GlobalObservationConvention.class)
					&& isOnlyHandler() && REGISTRY_CUSTOMIZERS.stream().allMatch(this::areAllBoots) && isObserved();
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug("Clients get an interceptor", ex);
			return false;
		}
	}

	/** The handler is there in any case, and makes no spans of calls if it is not. */
	private boolean isSwitchedOn() {
		return this.environment.getProperty("apm.instrumentation.observation.enabled", Boolean.class, true);
	}

	private boolean isObserved() {
		Observation.Context context = new Observation.Context();
		String name = this.environment.getProperty("management.observations.http.client.requests.name",
				"http.client.requests");
		context.setName(name);
		ObservationRules rules = new ObservationRules(this.beans.getBean(ApmProperties.class).observation().ignore(),
				this.environment, (method, path) -> false);
		ObservationRegistry registry = this.beans.getBean(ObservationRegistry.class);
		return rules.apply(context) == Treatment.TRACE
				&& !Observation.createNotStarted(name, () -> context, registry).isNoop();
	}

	private boolean has(Class<?> type) {
		return this.beans.getBeanNamesForType(type, true, false).length > 0;
	}

	/** Only the first tracing handler that wants an Observation gets it. */
	private boolean isOnlyHandler() {
		for (String name : this.beans.getBeanNamesForType(TracingObservationHandler.class, true, false)) {
			if (!isBoots(name) && !this.beans.isTypeMatch(name, ApmObservationHandler.class)) {
				return false;
			}
		}
		return true;
	}

	private boolean areAllBoots(String type) {
		try {
			return areAllBoots(Class.forName(type, false, this.beans.getBeanClassLoader()));
		}
		catch (ClassNotFoundException ex) {
			return true;
		}
	}

	private boolean areAllBoots(Class<?> type) {
		for (String name : this.beans.getBeanNamesForType(type, true, false)) {
			if (!isBoots(name)) {
				return false;
			}
		}
		return true;
	}

	/** By the class that declares the bean, as its type may be a lambda's. */
	private boolean isBoots(String bean) {
		if (!this.beans.containsBeanDefinition(bean)) {
			return false;
		}
		BeanDefinition definition = this.beans.getBeanDefinition(bean);
		String factory = definition.getFactoryBeanName();
		Class<?> declaring = (factory != null) ? this.beans.getType(factory, false) : null;
		String name = (declaring != null) ? declaring.getName() : definition.getBeanClassName();
		return name != null && name.startsWith("org.springframework.boot.");
	}

}
