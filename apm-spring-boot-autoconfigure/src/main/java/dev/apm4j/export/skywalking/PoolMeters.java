package dev.apm4j.export.skywalking;

import java.util.Map;
import java.util.Optional;

import dev.apm4j.metrics.MeterReading;

/**
 * Connection and thread pools under the two names that every SkyWalking server has a rule
 * for: {@code datasource} and {@code thread_pool}, as SkyWalking's own agent reports
 * them.
 */
final class PoolMeters {

	private static final Map<String, String> DATA_SOURCE = Map.of("hikaricp.connections", "totalConnections",
			"hikaricp.connections.active", "activeConnections", "hikaricp.connections.idle", "idleConnections",
			"hikaricp.connections.pending", "threadsAwaitingConnection", "hikaricp.connections.max", "maximumPoolSize",
			"hikaricp.connections.min", "minimumIdle");

	private static final Map<String, String> THREAD_POOL = Map.of("executor.pool.core", "core_pool_size",
			"executor.pool.max", "max_pool_size", "executor.pool.size", "pool_size", "executor.active", "active_size",
			"executor.queued", "queue_size", "tomcat.threads.config.max", "max_pool_size", "tomcat.threads.current",
			"pool_size", "tomcat.threads.busy", "active_size");

	private static final String UNNAMED = "unnamed";

	private PoolMeters() {
	}

	static boolean isOne(String meter) {
		return DATA_SOURCE.containsKey(meter) || THREAD_POOL.containsKey(meter);
	}

	/**
	 * A meter of a pool in SkyWalking's form.
	 * @param reading any meter
	 * @return the same under other names, or nothing if it is none of a pool
	 */
	static Optional<MeterReading> translate(MeterReading reading) {
		if (reading.statistic() != MeterReading.Statistic.VALUE) {
			return Optional.empty();
		}
		String status = DATA_SOURCE.get(reading.name());
		if (status != null) {
			return Optional.of(of("datasource", Map.of("name", label(reading, "pool"), "status", status), reading));
		}
		String type = THREAD_POOL.get(reading.name());
		if (type != null) {
			String pool = label(reading, "name");
			boolean tomcat = reading.name().startsWith("tomcat.");
			return Optional.of(of("thread_pool",
					Map.of("pool_name", tomcat ? "tomcat-" + pool : pool, "metric_type", type), reading));
		}
		return Optional.empty();
	}

	private static MeterReading of(String name, Map<String, String> labels, MeterReading reading) {
		return new MeterReading(name, labels, reading.statistic(), reading.value());
	}

	private static String label(MeterReading reading, String key) {
		return reading.labels().getOrDefault(key, UNNAMED);
	}

}
