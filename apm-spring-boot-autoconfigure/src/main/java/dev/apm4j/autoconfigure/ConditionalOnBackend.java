package dev.apm4j.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.micrometer.tracing.Tracer;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Conditional;

/**
 * Matches if {@code apm.backend} names the backend and there may be one at all: unless
 * {@code apm.enabled} is {@code false} or the application has a tracer of its own. Every
 * auto-configuration of a backend carries it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ConditionalOnBooleanProperty(name = "apm.enabled", matchIfMissing = true)
@Conditional(OnBackendCondition.class)
@ConditionalOnMissingBean(Tracer.class)
@interface ConditionalOnBackend {

	/**
	 * The name of the backend.
	 * @return the name
	 */
	String value();

}
