package dev.apm4j.instrument.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Each method of the five interfaces does what the delegate does.
 */
class DelegationTests {

	private final ApmTracer tracer = ApmTracer.builder().build();

	private final List<Call> calls = new ArrayList<>();

	private final Map<Class<?>, Object> results = new HashMap<>();

	private Throwable failure;

	static Stream<Arguments> interfaces() {
		return Stream
			.of(Connection.class, Statement.class, PreparedStatement.class, CallableStatement.class, ResultSet.class,
					DatabaseMetaData.class)
			.flatMap((type) -> Stream.of(Arguments.of(type, true), Arguments.of(type, false)));
	}

	@ParameterizedTest
	@MethodSource("interfaces")
	void eachMethodIsTheDelegates(Class<?> type, boolean traced) throws Throwable {
		for (Method method : methods(type)) {
			this.calls.clear();
			Object[] arguments = arguments(method);
			Object result = in(traced, () -> method.invoke(wrapper(type), arguments));
			assertThat(this.calls).as("%s", method).filteredOn((call) -> call.is(method)).hasSize(1);
			Object[] seen = this.calls.stream().filter((call) -> call.is(method)).findFirst().orElseThrow().arguments;
			for (int i = 0; i < arguments.length; i++) {
				assertThat(seen[i]).as("%s", method).isEqualTo(arguments[i]);
			}
			if (method.getReturnType() != void.class && !method.getName().matches("getConnection|getStatement")) {
				assertThat(unwrapped(result)).as("%s", method).isEqualTo(this.results.get(method.getReturnType()));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("interfaces")
	void whatTheDelegateThrowsIsThrown(Class<?> type, boolean traced) throws Throwable {
		for (Method method : methods(type)) {
			boolean checked = Arrays.asList(method.getExceptionTypes()).contains(SQLException.class);
			for (Throwable each : List.of(checked ? new SQLException("x") : new IllegalArgumentException(),
					new UnsupportedOperationException(), new AbstractMethodError())) {
				this.failure = null;
				Object wrapper = wrapper(type);
				this.failure = each;
				Throwable thrown = catchThrowable(() -> in(traced, () -> method.invoke(wrapper, arguments(method))));
				assertThat(thrown).as("%s", method).isInstanceOf(InvocationTargetException.class);
				assertThat(thrown.getCause()).as("%s", method).isSameAs(each);
			}
		}
	}

	/** What a newer JDK than the baseline has in addition has a default. */
	private List<Method> methods(Class<?> type) throws NoSuchMethodException {
		List<Method> methods = new ArrayList<>();
		Class<?> wrapper = wrapper(type).getClass();
		for (Method method : type.getMethods()) {
			Method implementation = wrapper.getMethod(method.getName(), method.getParameterTypes());
			if (!Modifier.isStatic(method.getModifiers())
					&& (Runtime.version().feature() <= 17 || !implementation.isDefault())) {
				methods.add(method);
			}
		}
		assertThat(methods).hasSizeGreaterThan(50);
		return methods;
	}

	private Object in(boolean traced, Invocation invocation) throws Throwable {
		if (!traced) {
			return invocation.run();
		}
		try (Tracer.SpanInScope scope = this.tracer.withSpan(this.tracer.nextSpan().start())) {
			return invocation.run();
		}
	}

	private Object wrapper(Class<?> type) {
		JdbcTracing tracing = new JdbcTracing(() -> this.tracer, new JdbcSettings(true, 5, List.of()));
		TracedConnection connection = new TracedConnection(recording(Connection.class), tracing.newConnectionTracing());
		if (type == Connection.class) {
			return connection;
		}
		if (type == DatabaseMetaData.class) {
			return new TracedMetaData(recording(DatabaseMetaData.class), connection);
		}
		if (type == Statement.class) {
			return new TracedStatement(recording(Statement.class), connection, null);
		}
		if (type == PreparedStatement.class) {
			return new TracedPreparedStatement(recording(PreparedStatement.class), connection, "select 1");
		}
		TracedCallableStatement call = new TracedCallableStatement(recording(CallableStatement.class), connection,
				"select 1");
		return (type == CallableStatement.class) ? call
				: new TracedResultSet(recording(ResultSet.class), call, TracedResultSet.Rows.ALL);
	}

	private <T> T recording(Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (method.getDeclaringClass() == Object.class) {
					return switch (method.getName()) {
						case "hashCode" -> System.identityHashCode(proxy);
						case "equals" -> proxy == arguments[0];
						default -> "recording";
					};
				}
				if (method.getName().equals("getMetaData") && type == Connection.class && this.failure != null) {
					throw this.failure;
				}
				this.calls.add(new Call(method, arguments));
				if (this.failure != null) {
					throw this.failure;
				}
				return this.results.computeIfAbsent(method.getReturnType(), (key) -> sample(key));
			}));
	}

	private static Object unwrapped(Object result) {
		return (result instanceof TracedConnection connection) ? connection.delegate()
				: (result instanceof TracedStatement statement) ? statement.delegate()
						: (result instanceof DelegatingResultSet rows) ? rows.delegate()
								: (result instanceof TracedMetaData metaData) ? metaData.delegate() : result;
	}

	private static Object[] arguments(Method method) {
		return Arrays.stream(method.getParameterTypes()).map(DelegationTests::sample).toArray();
	}

	private static Object sample(Class<?> type) {
		if (type.isArray()) {
			return Array.newInstance(type.getComponentType(), 2);
		}
		return SAMPLES.getOrDefault(type, type.isInterface() ? Proxy.newProxyInstance(type.getClassLoader(),
				new Class<?>[] { type }, (proxy, method, arguments) -> switch (method.getName()) {
					case "hashCode" -> System.identityHashCode(proxy);
					case "equals" -> proxy == arguments[0];
					case "toString" -> "sample";
					default -> null;
				}) : null);
	}

	private static final Map<Class<?>, Object> SAMPLES = samples();

	private static Map<Class<?>, Object> samples() {
		Map<Class<?>, Object> samples = new HashMap<>();
		samples.put(boolean.class, true);
		samples.put(byte.class, (byte) 3);
		samples.put(short.class, (short) 4);
		samples.put(int.class, 5);
		samples.put(long.class, 6L);
		samples.put(float.class, 7f);
		samples.put(double.class, 8d);
		samples.put(String.class, "text");
		samples.put(Object.class, LocalTime.NOON);
		samples.put(Class.class, String.class);
		samples.put(BigDecimal.class, BigDecimal.TEN);
		samples.put(InputStream.class, new ByteArrayInputStream(new byte[3]));
		samples.put(Reader.class, new StringReader("abc"));
		samples.put(Calendar.class, Calendar.getInstance());
		samples.put(Properties.class, new Properties());
		samples.put(Map.class, Map.of());
		samples.put(java.sql.Date.class, new java.sql.Date(1));
		samples.put(java.sql.Time.class, new java.sql.Time(2));
		samples.put(java.sql.Timestamp.class, new java.sql.Timestamp(3));
		try {
			samples.put(URL.class, new URL("http://localhost/"));
		}
		catch (java.net.MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
		return samples;
	}

	private record Call(Method method, Object[] arguments) {

		boolean is(Method other) {
			return this.method.getName().equals(other.getName())
					&& Arrays.equals(this.method.getParameterTypes(), other.getParameterTypes());
		}

	}

	@FunctionalInterface
	private interface Invocation {

		Object run() throws Throwable;

	}

}
