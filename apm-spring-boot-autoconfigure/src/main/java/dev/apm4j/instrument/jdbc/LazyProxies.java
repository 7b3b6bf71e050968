package dev.apm4j.instrument.jdbc;

import java.sql.Connection;

/**
 * Tells Spring's connection proxies, which may have no connection yet and would fetch one
 * if they were asked what they wrap. Thread-safe.
 */
final class LazyProxies extends ClassValue<Boolean> {

	private static final String INTERFACE = "org.springframework.jdbc.datasource.ConnectionProxy";

	boolean contain(Connection connection) {
		return get(connection.getClass());
	}

	@Override
	protected Boolean computeValue(Class<?> type) {
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			for (Class<?> implemented : each.getInterfaces()) {
				if (implemented.getName().equals(INTERFACE) || computeValue(implemented)) {
					return true;
				}
			}
		}
		return false;
	}

}
