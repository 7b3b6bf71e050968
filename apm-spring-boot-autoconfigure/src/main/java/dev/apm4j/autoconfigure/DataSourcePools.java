package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import dev.apm4j.export.whatap.PoolConnections;
import dev.apm4j.export.whatap.PoolConnectionsSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeansException;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The pools among the data source beans: those of HikariCP, Tomcat and DBCP 2, read by
 * the names of their properties, so that none of them has to be there. Looks into
 * Spring's data sources that wrap or route to others. Opens no pool that isn't open.
 */
final class DataSourcePools implements PoolConnectionsSource {

	/**
	 * Where a pool tells its URL, that it is open or may be asked anyway, and its
	 * numbers. Tomcat's opens as soon as it is asked for anything but its name, which
	 * fails before.
	 */
	private static final List<Kind> KINDS = List.of(
			new Kind("jdbcUrl", "hikariPoolMXBean", "hikariPoolMXBean.activeConnections",
					"hikariPoolMXBean.idleConnections"),
			new Kind("url", "poolName", "pool.active", "pool.idle"),
			new Kind("url", "maxTotal", "numActive", "numIdle"));

	private static final int MAX_DEPTH = 8;

	private final ConfigurableListableBeanFactory beanFactory;

	DataSourcePools(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public List<PoolConnections> pools() {
		Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		List<PoolConnections> pools = new ArrayList<>();
		for (String name : this.beanFactory.getBeanNamesForType(DataSource.class, false, false)) {
			if (this.beanFactory.getSingleton(name) instanceof DataSource dataSource) {
				add(name, dataSource, pools, seen, 0);
			}
		}
		return pools;
	}

	private static void add(String name, DataSource dataSource, List<PoolConnections> pools, Set<Object> seen,
			int depth) {
		if (depth > MAX_DEPTH || !seen.add(dataSource)) {
			return;
		}
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(dataSource);
		for (Kind kind : KINDS) {
			PoolConnections pool = kind.read(name, properties);
			if (pool != null) {
				pools.add(pool);
				return;
			}
		}
		if (read(properties, "targetDataSource") instanceof DataSource target) {
			add(name, target, pools, seen, depth + 1);
		}
		if (read(properties, "resolvedDataSources") instanceof Map<?, ?> targets) {
			for (Object target : targets.values()) {
				if (target instanceof DataSource one) {
					add(name, one, pools, seen, depth + 1);
				}
			}
		}
	}

	private static @Nullable Object read(BeanWrapper properties, String name) {
		try {
			return properties.isReadableProperty(name) ? properties.getPropertyValue(name) : null;
		}
		catch (BeansException ex) {
			// What a pool throws while it closes, or a property of the same name.
			return null;
		}
	}

	private record Kind(String url, String open, String active, String idle) {

		@Nullable PoolConnections read(String bean, BeanWrapper properties) {
			if (DataSourcePools.read(properties, this.open) == null) {
				return null;
			}
			Object active = DataSourcePools.read(properties, this.active);
			Object idle = DataSourcePools.read(properties, this.idle);
			if (!(active instanceof Number activeCount && idle instanceof Number idleCount)) {
				return null;
			}
			Object url = DataSourcePools.read(properties, this.url);
			return new PoolConnections((url instanceof String text && !text.isBlank()) ? text : bean,
					activeCount.intValue(), idleCount.intValue());
		}

	}

}
