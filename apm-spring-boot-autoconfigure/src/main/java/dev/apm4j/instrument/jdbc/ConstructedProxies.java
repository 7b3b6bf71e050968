package dev.apm4j.instrument.jdbc;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.framework.AdvisedSupport;
import org.springframework.aop.target.EmptyTargetSource;
import org.springframework.cglib.proxy.Callback;
import org.springframework.cglib.proxy.Dispatcher;
import org.springframework.cglib.proxy.Enhancer;
import org.springframework.cglib.proxy.MethodInterceptor;
import org.springframework.cglib.proxy.MethodProxy;
import org.springframework.cglib.proxy.NoOp;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Objects that somebody makes of a proxy's class with its constructor, as Spring Boot's
 * {@code DataSourceBuilder.derivedFrom} does. Nothing is behind them: they are data
 * sources of their own, but implement the interfaces of a proxy, which Spring calls.
 */
final class ConstructedProxies {

	private static final Logger LOGGER = LoggerFactory.getLogger(ConstructedProxies.class);

	private static final String CALLBACK = "CGLIB$CALLBACK_";

	private static final String BOUND = "CGLIB$BOUND";

	private ConstructedProxies() {
	}

	/**
	 * Makes such objects do what their superclass does, and say that they are proxies of
	 * nothing. Those that Spring makes have callbacks of their own.
	 * @param proxyClass class of a proxy that Spring made
	 */
	static void support(Class<?> proxyClass) {
		try {
			Enhancer.registerStaticCallbacks(proxyClass, callbacks(proxyClass));
		}
		catch (RuntimeException | LinkageError ex) {
			LOGGER.debug("Objects of {} must not be made with its constructor", proxyClass, ex);
		}
	}

	/**
	 * Tells a proxy that Spring made that it has its callbacks. It doesn't know, as its
	 * constructor was not called, and would take those of {@link #support} as soon as
	 * anybody reads the property {@code callbacks}, as code does that reads all.
	 * @param proxy a proxy that Spring made
	 */
	static void keepCallbacks(Object proxy) {
		Field bound = ReflectionUtils.findField(proxy.getClass(), BOUND);
		if (bound != null) {
			try {
				bound.setAccessible(true);
				bound.setBoolean(proxy, true);
			}
			catch (IllegalAccessException | RuntimeException ex) {
				LOGGER.debug("The callbacks of {} must not be read", proxy.getClass(), ex);
			}
		}
	}

	/** One for each field of the generated class, which tells the type. */
	private static Callback[] callbacks(Class<?> proxyClass) {
		AdvisedSupport nothing = new AdvisedSupport();
		nothing.setTargetSource(EmptyTargetSource.forClass(ClassUtils.getUserClass(proxyClass)));
		nothing.setFrozen(true);
		Dispatcher dispatcher = () -> nothing;
		MethodInterceptor superclass = ConstructedProxies::invokeSuperclass;
		List<Callback> callbacks = new ArrayList<>();
		Field field = ReflectionUtils.findField(proxyClass, CALLBACK + 0);
		while (field != null) {
			Class<?> type = field.getType();
			callbacks.add((type == MethodInterceptor.class) ? superclass
					: (type == Dispatcher.class) ? dispatcher : NoOp.INSTANCE);
			field = ReflectionUtils.findField(proxyClass, CALLBACK + callbacks.size());
		}
		return callbacks.toArray(new Callback[0]);
	}

	private static @Nullable Object invokeSuperclass(Object object, Method method, Object[] arguments,
			MethodProxy superclass) throws Throwable {
		if (ConnectionMethods.isWrappedObject(method)) {
			return object;
		}
		if (method.getDeclaringClass() == Object.class) {
			// The JDK's own classes can't be reached through a method proxy.
			switch (method.getName()) {
				case "equals":
					return object == arguments[0];
				case "hashCode":
					return System.identityHashCode(object);
				case "toString":
					return object.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(object));
				default:
					break;
			}
		}
		return superclass.invokeSuper(object, arguments);
	}

}
