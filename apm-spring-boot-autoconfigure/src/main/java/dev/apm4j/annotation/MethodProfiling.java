package dev.apm4j.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a Spring bean whose calls are to be seen as local spans of the
 * current trace. Outside of any trace a call is only passed through. On a class it
 * applies to every public method.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.TYPE })
public @interface MethodProfiling {

	/**
	 * The name, of low cardinality.
	 * @return the name; by default the simple name of the class and the method, joined by
	 * a dot
	 */
	String value() default "";

}
