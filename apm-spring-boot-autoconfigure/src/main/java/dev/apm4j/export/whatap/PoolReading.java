package dev.apm4j.export.whatap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.metrics.MeterReader;
import dev.apm4j.metrics.MeterReading;
import org.jspecify.annotations.Nullable;

/**
 * A pool as Micrometer's meters show it.
 *
 * @param type what made the pool: {@code hikari}, {@code datasource} for any data source
 * that Spring Boot knows, {@code tomcat} or {@code executor}
 * @param name its name
 * @param fields its numbers, as far as there are meters
 */
record PoolReading(String type, String name, Map<String, Long> fields) {

	/** Bounds what an application that makes pools all the time can have sent. */
	private static final int MAX_POOLS = 100;

	private static final Map<String, Meter> METERS = Map.ofEntries(
			Map.entry("hikaricp.connections", new Meter("hikari", "pool", "total")),
			Map.entry("hikaricp.connections.active", new Meter("hikari", "pool", "active")),
			Map.entry("hikaricp.connections.idle", new Meter("hikari", "pool", "idle")),
			Map.entry("hikaricp.connections.max", new Meter("hikari", "pool", "max")),
			Map.entry("hikaricp.connections.pending", new Meter("hikari", "pool", "pending")),
			Map.entry("jdbc.connections.active", new Meter("datasource", "name", "active")),
			Map.entry("jdbc.connections.idle", new Meter("datasource", "name", "idle")),
			Map.entry("jdbc.connections.max", new Meter("datasource", "name", "max")),
			Map.entry("tomcat.threads.current", new Meter("tomcat", "name", "total")),
			Map.entry("tomcat.threads.busy", new Meter("tomcat", "name", "active")),
			Map.entry("tomcat.threads.config.max", new Meter("tomcat", "name", "max")),
			Map.entry("executor.pool.size", new Meter("executor", "name", "total")),
			Map.entry("executor.active", new Meter("executor", "name", "active")),
			Map.entry("executor.pool.max", new Meter("executor", "name", "max")),
			Map.entry("executor.queued", new Meter("executor", "name", "pending")));

	static List<PoolReading> read(MeterReader reader) {
		Map<String, PoolReading> pools = new LinkedHashMap<>();
		for (MeterReading reading : reader.read(METERS::containsKey)) {
			Meter meter = METERS.get(reading.name());
			if (meter == null || reading.statistic() != MeterReading.Statistic.VALUE) {
				continue;
			}
			String name = reading.labels().getOrDefault(meter.label(), "unnamed");
			String key = meter.type() + ' ' + name;
			if (pools.size() < MAX_POOLS || pools.containsKey(key)) {
				pools.computeIfAbsent(key, (made) -> new PoolReading(meter.type(), name, new LinkedHashMap<>()))
					.fields()
					.put(meter.field(), Math.round(reading.value()));
			}
		}
		List<PoolReading> readings = new ArrayList<>(pools.values());
		readings.forEach(PoolReading::addIdle);
		return readings;
	}

	/** Threads have no meter for it. */
	private void addIdle() {
		Long total = this.fields.get("total");
		Long active = this.fields.get("active");
		if (total != null && active != null) {
			this.fields.putIfAbsent("idle", Math.max(0, total - active));
		}
	}

	/** As connections under the pool's name, if it is a pool of connections. */
	@Nullable PoolConnections connections() {
		Long active = this.fields.get("active");
		Long idle = this.fields.get("idle");
		return ("hikari".equals(this.type) && active != null && idle != null)
				? new PoolConnections(this.name, active.intValue(), idle.intValue()) : null;
	}

	/** What a meter tells of which pool. */
	private record Meter(String type, String label, String field) {
	}

}
