package dev.apm4j.export;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Lost segments by reason. Thread-safe; counting takes no lock and no memory.
 */
final class DropCounters {

	private final AtomicLongArray counts = new AtomicLongArray(DropReason.values().length);

	void add(DropReason reason, long segments) {
		this.counts.addAndGet(reason.ordinal(), segments);
	}

	long get(DropReason reason) {
		return this.counts.get(reason.ordinal());
	}

	Map<DropReason, Long> snapshot() {
		Map<DropReason, Long> map = new EnumMap<>(DropReason.class);
		for (DropReason reason : DropReason.values()) {
			long count = get(reason);
			if (count > 0) {
				map.put(reason, count);
			}
		}
		return map;
	}

}
