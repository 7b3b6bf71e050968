package dev.apm4j.instrument;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Why a bean must not be put behind a proxy that extends its class. An application runs
 * without a span, but it doesn't start with a proxy that can't be made, and it fails in a
 * final method that is called on a proxy, whose fields are all empty.
 */
public final class ProxyObstacles {

	/** Annotations on private methods that nobody reads through a proxy. */
	private static final List<String> HARMLESS = List.of("java.", "javax.", "jakarta.", "kotlin.", "dev.apm4j.",
			"org.springframework.beans.", "org.springframework.lang.", "org.jspecify.", "lombok.");

	private ProxyObstacles() {
	}

	/**
	 * Looks for what is in the way of a proxy.
	 * @param type class of the bean
	 * @return the reason as half a sentence, or {@code null} if a proxy does no harm
	 */
	public static @Nullable String find(Class<?> type) {
		if (isProxiedByInterface(type)) {
			return null;
		}
		Class<?> userClass = ClassUtils.getUserClass(type);
		if (Modifier.isFinal(userClass.getModifiers())) {
			return "the class is final";
		}
		if (userClass.isSealed() || userClass.isHidden()) {
			return "the class can't be extended";
		}
		if (!hasVisibleConstructor(userClass)) {
			return "the class has only private constructors";
		}
		for (Class<?> current = userClass; current != null
				&& current != Object.class; current = current.getSuperclass()) {
			String obstacle = findInMethods(current);
			if (obstacle != null) {
				return obstacle;
			}
		}
		return null;
	}

	/**
	 * Whether Spring makes a proxy of the interfaces for a class, whatever is configured.
	 * @param type class of the bean
	 * @return whether it is a proxy's class or a lambda's
	 */
	public static boolean isProxiedByInterface(Class<?> type) {
		return type.isInterface() || Proxy.isProxyClass(type) || ClassUtils.isLambdaClass(type);
	}

	private static @Nullable String findInMethods(Class<?> type) {
		for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
			int modifiers = method.getModifiers();
			if (Modifier.isStatic(modifiers) || method.isSynthetic()) {
				continue;
			}
			if (Modifier.isPrivate(modifiers)) {
				// Spring refuses to call a private listener or job on a proxy.
				if (hasForeignAnnotation(method)) {
					return "its private method " + method.getName() + " is annotated";
				}
			}
			else if (Modifier.isFinal(modifiers)) {
				return "its method " + method.getName() + " is final";
			}
		}
		return null;
	}

	private static boolean hasForeignAnnotation(Method method) {
		for (Annotation annotation : method.getDeclaredAnnotations()) {
			String name = annotation.annotationType().getName();
			if (HARMLESS.stream().noneMatch(name::startsWith)) {
				return true;
			}
		}
		return false;
	}

	private static boolean hasVisibleConstructor(Class<?> type) {
		for (Constructor<?> constructor : type.getDeclaredConstructors()) {
			if (!Modifier.isPrivate(constructor.getModifiers())) {
				return true;
			}
		}
		return false;
	}

}
