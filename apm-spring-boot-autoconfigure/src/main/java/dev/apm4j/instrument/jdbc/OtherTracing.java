package dev.apm4j.instrument.jdbc;

import java.lang.reflect.Method;
import java.util.Map;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds data sources whose statements are followed by somebody else already: by the
 * package of their class, or by the URL that goes to a driver which wraps another.
 */
final class OtherTracing {

	private static final Map<String, String> PACKAGES = Map.of("com.p6spy.", "p6spy",
			"io.opentelemetry.instrumentation.jdbc.", "OpenTelemetry's JDBC instrumentation", "net.ttddyy.observation.",
			"datasource-micrometer");

	private static final Map<String, String> URLS = Map.of("jdbc:p6spy:", "p6spy", "jdbc:otel:",
			"OpenTelemetry's JDBC instrumentation");

	/** The getters of the pools and drivers that have one. */
	private static final String[] URL_GETTERS = { "getJdbcUrl", "getUrl", "getURL" };

	private OtherTracing() {
	}

	/**
	 * Looks for another that follows the statements.
	 * @param dataSource the data source
	 * @return the reason not to trace it as half a sentence, or {@code null}
	 */
	static @Nullable String find(DataSource dataSource) {
		String other = byClass(dataSource);
		if (other == null) {
			other = byUrl(dataSource);
		}
		if (other == null) {
			DataSource source = source(dataSource);
			other = (source != null) ? byClass(source) : null;
		}
		return (other != null) ? other + " follows its statements" : null;
	}

	/**
	 * The data source from which a pool takes its connections, if it has one that it
	 * tells.
	 */
	private static @Nullable DataSource source(DataSource pool) {
		return (read(pool, "getDataSource") instanceof DataSource source && source != pool) ? source : null;
	}

	private static @Nullable String byClass(DataSource dataSource) {
		String className = ClassUtils.getUserClass(dataSource).getName();
		return PACKAGES.entrySet()
			.stream()
			.filter((entry) -> className.startsWith(entry.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	private static @Nullable String byUrl(DataSource dataSource) {
		for (String getter : URL_GETTERS) {
			if (read(dataSource, getter) instanceof String url) {
				return URLS.entrySet()
					.stream()
					.filter((entry) -> url.startsWith(entry.getKey()))
					.map(Map.Entry::getValue)
					.findFirst()
					.orElse(null);
			}
		}
		return null;
	}

	private static @Nullable Object read(DataSource dataSource, String getter) {
		try {
			Method method = ClassUtils.getMethodIfAvailable(dataSource.getClass(), getter);
			if (method == null) {
				return null;
			}
			ReflectionUtils.makeAccessible(method);
			return method.invoke(dataSource);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			// A getter that fails tells nothing.
			return null;
		}
	}

}
