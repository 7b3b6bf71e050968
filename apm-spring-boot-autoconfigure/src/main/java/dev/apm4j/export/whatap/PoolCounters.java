package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.metrics.MeterReader;

/**
 * Reports pools of connections and threads, as far as Micrometer has meters of them. Not
 * thread-safe.
 */
public final class PoolCounters implements WhaTapBackend.Feature {

	private static final String POOL = "app_pool";

	private final MeterReader reader;

	private final Duration interval;

	private final long pid = ProcessHandle.current().pid();

	/**
	 * Creates the report.
	 * @param reader reads the meters of the application
	 * @param interval time between two reports
	 */
	public PoolCounters(MeterReader reader, Duration interval) {
		this.reader = reader;
		this.interval = interval;
	}

	/**
	 * Tells of pools by their meters, where nothing else is known of them.
	 * @param reader reads the meters of the application
	 * @return the pools of connections, with their names for URLs
	 */
	public static PoolConnectionsSource connections(MeterReader reader) {
		return () -> {
			List<PoolConnections> pools = new ArrayList<>();
			for (PoolReading reading : PoolReading.read(reader)) {
				PoolConnections connections = reading.connections();
				if (connections != null) {
					pools.add(connections);
				}
			}
			return pools;
		};
	}

	@Override
	public void start(WhaTapBackend backend) {
		AgentLink link = backend.link();
		backend.loop().periodic("pool counters", this.interval, () -> report(link::send));
	}

	void report(PacketSink sink) throws IOException {
		long time = System.currentTimeMillis();
		for (PoolReading pool : PoolReading.read(this.reader)) {
			MapContent tags = (map) -> map.put("pid", this.pid).put("type", pool.type()).put("name", pool.name());
			MapContent fields = (map) -> pool.fields().forEach(map::put);
			sink.send((packets) -> packets.relays().tagCount(time, POOL, tags, fields), Flush.LATER);
		}
	}

}
