package dev.apm4j.instrument.jdbc;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Connection;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Why a data source must not be put behind a proxy that extends its class.
 */
final class SubclassObstacle {

	private SubclassObstacle() {
	}

	/**
	 * Looks for what is in the way.
	 * @param type class of the data source
	 * @return the reason as half a sentence, or {@code null} if a proxy does no harm
	 */
	static @Nullable String find(Class<?> type) {
		Class<?> userClass = ClassUtils.getUserClass(type);
		if (Modifier.isFinal(userClass.getModifiers()) || userClass.isSealed() || userClass.isHidden()) {
			return "its class " + userClass.getName() + " can't be extended";
		}
		if (!hasVisibleConstructor(userClass)) {
			return "its class " + userClass.getName() + " has only private constructors";
		}
		if (!ClassUtils.isVisible(SpringProxy.class, userClass.getClassLoader())) {
			return "its class " + userClass.getName() + " belongs to the server and not to the application";
		}
		return findInMethods(userClass);
	}

	/**
	 * Looks for what is in the way of a proxy that implements interfaces only.
	 */
	static @Nullable String find(Class<?>[] interfaces) {
		for (Class<?> type : interfaces) {
			String obstacle = findInReturnType(type);
			if (obstacle != null) {
				return obstacle;
			}
		}
		return null;
	}

	private static boolean hasVisibleConstructor(Class<?> type) {
		for (Constructor<?> constructor : type.getDeclaredConstructors()) {
			if (!Modifier.isPrivate(constructor.getModifiers())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A final method would run on the proxy, whose fields are empty. Only public ones
	 * count: others are called by the class's own package, on the object itself.
	 */
	private static @Nullable String findInMethods(Class<?> userClass) {
		for (Class<?> type = userClass; type != null && type != Object.class; type = type.getSuperclass()) {
			for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
				int modifiers = method.getModifiers();
				if (Modifier.isFinal(modifiers) && Modifier.isPublic(modifiers) && !Modifier.isStatic(modifiers)) {
					return "its method " + method.getName() + "() is final";
				}
			}
		}
		return findInReturnType(userClass);
	}

	/** Some drivers promise their own type of connection, which no wrapper is. */
	private static @Nullable String findInReturnType(Class<?> type) {
		// Of a method and its bridges this is the one with the most specific type.
		Method method = ClassUtils.getMethodIfAvailable(type, "getConnection");
		if (method != null && method.getReturnType() != Connection.class) {
			return "its method getConnection() returns " + method.getReturnType().getName();
		}
		return null;
	}

}
