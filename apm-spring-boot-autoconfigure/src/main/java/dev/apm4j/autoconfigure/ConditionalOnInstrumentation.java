package dev.apm4j.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Conditional;

/**
 * Matches unless {@code apm.instrumentation.<name>.enabled} is {@code false}. Every
 * auto-configuration of an instrumentation carries it; the actuator endpoint finds them
 * by it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Conditional(OnInstrumentationCondition.class)
@interface ConditionalOnInstrumentation {

	/**
	 * The name of the instrumentation.
	 * @return the name as it stands in the property
	 */
	String value();

}
