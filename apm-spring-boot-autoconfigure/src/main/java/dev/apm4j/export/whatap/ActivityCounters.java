package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.apm4j.export.whatap.AgentLink.Flush;

/**
 * Reports what the running transactions are doing, and the connections of pools. Not
 * thread-safe.
 */
public final class ActivityCounters implements WhaTapBackend.Feature {

	/** More would not fit into a packet, with long URLs. */
	private static final int MAX_POOLS = 10;

	private final PoolConnectionsSource pools;

	private final Duration interval;

	/**
	 * Creates the report.
	 * @param pools tells of the pools
	 * @param interval time between two reports
	 */
	public ActivityCounters(PoolConnectionsSource pools, Duration interval) {
		this.pools = pools;
		this.interval = interval;
	}

	@Override
	public void start(WhaTapBackend backend) {
		AgentLink link = backend.link();
		backend.loop()
			.periodic("activity counters", this.interval, () -> report(link::send, backend.activeTransactions()));
	}

	void report(PacketSink sink, List<ActiveTransaction> transactions) throws IOException {
		sink.send(Activity.statistics(transactions), Flush.LATER);
		sendPools(sink, this.pools, Flush.LATER);
	}

	/** Sends the connections, in as many packets as it takes. */
	static void sendPools(PacketSink sink, PoolConnectionsSource source, Flush flush) throws IOException {
		int pid = (int) ProcessHandle.current().pid();
		List<PoolConnections> pools = source.pools();
		for (int from = 0; from < pools.size(); from += MAX_POOLS) {
			List<PoolConnections> some = pools.subList(from, Math.min(from + MAX_POOLS, pools.size()));
			sink.send((packets) -> packets.control().databasePools(pid, some), flush);
		}
	}

}
