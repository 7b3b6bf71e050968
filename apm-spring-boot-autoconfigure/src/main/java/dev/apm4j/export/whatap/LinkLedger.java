package dev.apm4j.export.whatap;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what is sent and what is lost: every packet once. Thread-safe.
 */
final class LinkLedger {

	private final AtomicLong datagrams = new AtomicLong();

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicLong packets = new AtomicLong();

	private final AtomicLongArray dropped = new AtomicLongArray(PacketDrop.values().length);

	void sent(int packetCount, int byteCount) {
		this.datagrams.incrementAndGet();
		this.bytes.addAndGet(byteCount);
		this.packets.addAndGet(packetCount);
	}

	/** Counts packets as lost that seemed to be sent. */
	void refused(int packetCount) {
		this.packets.addAndGet(-packetCount);
		dropped(PacketDrop.UNREACHABLE, packetCount);
	}

	void dropped(PacketDrop reason, int packetCount) {
		this.dropped.addAndGet(reason.ordinal(), packetCount);
	}

	LinkCounts counts() {
		Map<PacketDrop, Long> lost = new EnumMap<>(PacketDrop.class);
		for (PacketDrop reason : PacketDrop.values()) {
			long count = this.dropped.get(reason.ordinal());
			if (count > 0) {
				lost.put(reason, count);
			}
		}
		return new LinkCounts(this.datagrams.get(), this.bytes.get(), this.packets.get(), lost);
	}

}
