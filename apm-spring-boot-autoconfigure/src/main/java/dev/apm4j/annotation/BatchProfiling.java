package dev.apm4j.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a Spring bean as a batch job: each call is a segment of its own, a
 * transaction with a duration, an outcome ({@code success} or {@code failure}) and the
 * exception that ended it. On a class it applies to every public method.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.TYPE })
public @interface BatchProfiling {

	/**
	 * The name, of low cardinality.
	 * @return the name; by default the simple name of the class and the method, joined by
	 * a dot
	 */
	String value() default "";

}
