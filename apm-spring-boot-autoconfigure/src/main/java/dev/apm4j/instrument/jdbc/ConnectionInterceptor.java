package dev.apm4j.instrument.jdbc;

import java.lang.reflect.UndeclaredThrowableException;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;

/**
 * Makes the connections that a data source hands out traced ones, and those that it gets
 * back its own again.
 */
final class ConnectionInterceptor implements MethodInterceptor {

	private final ConnectionTracing tracing;

	private final @Nullable PoolField poolField;

	ConnectionInterceptor(ConnectionTracing tracing, @Nullable PoolField poolField) {
		this.tracing = tracing;
		this.poolField = poolField;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		if (ConnectionMethods.isWrappedObject(invocation.getMethod())) {
			return invocation.getThis();
		}
		if (ConnectionMethods.takesConnection(invocation.getMethod())) {
			takeBack(invocation.getArguments());
			return invocation.proceed();
		}
		if (invocation.getMethod().getReturnType() == ConnectionBuilder.class) {
			return (invocation.proceed() instanceof ConnectionBuilder builder)
					? new TracedConnectionBuilder(builder, this.tracing) : null;
		}
		try {
			return this.tracing.connection(() -> connection(invocation));
		}
		finally {
			if (this.poolField != null && invocation instanceof ProxyMethodInvocation proxied) {
				this.poolField.show(invocation.getThis(), proxied.getProxy());
			}
		}
	}

	/**
	 * The data source knows its own connections only, such as a pool one that it is to
	 * evict, or Spring one that it is not to close.
	 */
	private static void takeBack(@Nullable Object[] arguments) {
		for (int i = 0; i < arguments.length; i++) {
			if (arguments[i] instanceof TracedConnection traced) {
				arguments[i] = traced.delegate();
			}
		}
	}

	@SuppressWarnings("NullAway") // What the data source returns, be it against its
									// contract.
	private static Connection connection(MethodInvocation invocation) throws SQLException {
		try {
			return (Connection) invocation.proceed();
		}
		catch (SQLException | RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new UndeclaredThrowableException(ex);
		}
	}

}
