package dev.apm4j.instrument.jdbc;

import java.lang.reflect.Field;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ReflectionUtils;

/**
 * The pool of a HikariCP data source, shown in the proxy's own field. Spring Boot's
 * metrics {@code jdbc.connections.*} read the private field of the object they have,
 * which in a proxy is empty. The field is written once, when the pool has been opened:
 * HikariCP never exchanges it.
 */
final class PoolField {

	private static final Logger LOGGER = LoggerFactory.getLogger(PoolField.class);

	private static final String OWNER = "com.zaxxer.hikari.HikariDataSource";

	private final Field field;

	private volatile boolean done;

	private PoolField(Field field) {
		this.field = field;
	}

	/**
	 * Looks for the field.
	 * @param target the data source
	 * @return the field, or {@code null} if this is another pool, or one whose field is
	 * not the known one
	 */
	static @Nullable PoolField find(DataSource target) {
		for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
			if (type.getName().equals(OWNER)) {
				Field field = ReflectionUtils.findField(type, "pool");
				return (field != null) ? new PoolField(field) : null;
			}
		}
		return null;
	}

	/**
	 * Shows the pool of the one object in the other, if there is a pool.
	 */
	void show(@Nullable Object target, Object proxy) {
		if (this.done) {
			return;
		}
		try {
			this.field.setAccessible(true);
			Object pool = this.field.get(target);
			if (pool != null) {
				this.field.set(proxy, pool);
				this.done = true;
			}
		}
		catch (IllegalAccessException | RuntimeException ex) {
			this.done = true;
			LOGGER.debug("The pool of {} is not shown to metrics", OWNER, ex);
		}
	}

}
