package dev.apm4j.export.embedded;

import org.jspecify.annotations.Nullable;

/**
 * A chain of traces from the oldest to the newest, through the entries themselves. Not
 * thread-safe.
 */
final class EvictionOrder {

	private @Nullable TraceEntry oldest;

	private @Nullable TraceEntry newest;

	private long bytes;

	void add(TraceEntry entry) {
		entry.older = this.newest;
		entry.newer = null;
		if (this.newest != null) {
			this.newest.newer = entry;
		}
		else {
			this.oldest = entry;
		}
		this.newest = entry;
		this.bytes += entry.bytes;
	}

	void remove(TraceEntry entry) {
		if (entry.older != null) {
			entry.older.newer = entry.newer;
		}
		else {
			this.oldest = entry.newer;
		}
		if (entry.newer != null) {
			entry.newer.older = entry.older;
		}
		else {
			this.newest = entry.older;
		}
		// A removed entry must not keep its neighbours alive for a reader that holds it.
		entry.older = null;
		entry.newer = null;
		this.bytes -= entry.bytes;
	}

	/** Accounts for an entry that has grown where it is. */
	void grown(int more) {
		this.bytes += more;
	}

	@Nullable TraceEntry oldest() {
		return this.oldest;
	}

	long bytes() {
		return this.bytes;
	}

}
