package dev.apm4j.instrument.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * The methods of a data source that hand out connections, as far as they promise no more
 * than JDBC's own types, those that take such a connection back, and the one that tells
 * Spring what is behind the proxy.
 * <p>
 * All instances are equal, so that the data sources of one class share one proxy class.
 */
final class ConnectionMethods extends StaticMethodMatcherPointcut {

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return switch (method.getName()) {
			case "getConnection" -> method.getReturnType() == Connection.class;
			case "createConnectionBuilder" -> method.getReturnType() == ConnectionBuilder.class;
			case "getWrappedObject" -> isWrappedObject(method);
			default -> takesConnection(method);
		};
	}

	static boolean takesConnection(Method method) {
		return Arrays.asList(method.getParameterTypes()).contains(Connection.class);
	}

	static boolean isWrappedObject(Method method) {
		return method.getDeclaringClass() == TracedDataSource.class;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ConnectionMethods;
	}

	@Override
	public int hashCode() {
		return ConnectionMethods.class.hashCode();
	}

}
