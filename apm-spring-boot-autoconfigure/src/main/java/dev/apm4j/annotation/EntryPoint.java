package dev.apm4j.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a Spring bean as the beginning of a piece of work that no
 * instrumentation sees: a message of a home-made protocol, a request of a server that
 * isn't supported. Each call is an entry span in a segment of its own. If an argument is
 * a {@link java.util.Map} with header names as keys and texts as values, the trace in it
 * is continued; else, if a span is current, that span is referred to as the cause; else a
 * new trace starts. On a class it applies to every public method.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.TYPE })
public @interface EntryPoint {

	/**
	 * The name, of low cardinality.
	 * @return the name; by default the simple name of the class and the method, joined by
	 * a dot
	 */
	String value() default "";

}
