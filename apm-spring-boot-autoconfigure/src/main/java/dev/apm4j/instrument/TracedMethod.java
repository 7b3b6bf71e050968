package dev.apm4j.instrument;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * What a span tells of the method that it stands for.
 *
 * @param name the name of the span
 * @param named whether the name was given by the user
 * @param function the qualified name of class and method, the attribute
 * {@value #FUNCTION}; {@code null} if it has no lasting name, as that of a lambda
 */
public record TracedMethod(String name, boolean named, @Nullable String function) {

	/** OpenTelemetry's attribute for the method. */
	public static final String FUNCTION = "code.function.name";

	/**
	 * Describes a method by its class and its name.
	 * @param method the method
	 * @param targetClass the class of the object it is called on, maybe a proxy's
	 * @return the simple name of the user's class and the method as name
	 */
	public static TracedMethod of(Method method, Class<?> targetClass) {
		Class<?> type = declared(method, targetClass);
		String name = simpleName(type) + "." + method.getName();
		return new TracedMethod(name, false, type.isHidden() ? null : qualifiedName(type) + "." + method.getName());
	}

	TracedMethod withName(String given) {
		return new TracedMethod(given, true, this.function);
	}

	/**
	 * Renames a span that somebody else opened for the same call, if the user gave a
	 * name: the inner one wins.
	 * @param span the span
	 */
	public void rename(Span span) {
		if (this.named) {
			span.name(this.name);
		}
	}

	/** An interface proxy has no name of its own worth telling: its interface has. */
	private static Class<?> declared(Method method, Class<?> targetClass) {
		return Proxy.isProxyClass(targetClass) ? method.getDeclaringClass() : ClassUtils.getUserClass(targetClass);
	}

	private static String simpleName(Class<?> type) {
		String name = type.getSimpleName();
		return name.isEmpty() ? type.getName().substring(type.getName().lastIndexOf('.') + 1) : name;
	}

	private static String qualifiedName(Class<?> type) {
		String name = type.getCanonicalName();
		return (name != null) ? name : type.getName();
	}

}
