package dev.apm4j.export.whatap;

import java.util.Map;

/**
 * What was sent and what was lost since the start.
 *
 * @param datagrams datagrams that the system has taken
 * @param bytes their bytes
 * @param packets packets in them, without those of refused ones
 * @param dropped lost packets by reason, without the reasons that never occurred
 */
record LinkCounts(long datagrams, long bytes, long packets, Map<PacketDrop, Long> dropped) {

	LinkCounts {
		dropped = Map.copyOf(dropped);
	}

	/** How many packets were lost, whatever the reason. */
	long lost() {
		return this.dropped.values().stream().mapToLong(Long::longValue).sum();
	}

}
