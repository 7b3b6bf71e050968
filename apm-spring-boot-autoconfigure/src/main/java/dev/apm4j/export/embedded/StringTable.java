package dev.apm4j.export.embedded;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Numbers for the strings that spans repeat: names, keys, services, statements. It is
 * filled first come, first served and never forgets, so that bytes that were written stay
 * readable; when it is full, further strings are written out. Long strings have a share
 * of their own, and get in when they come a second time, as many come but once.
 * Thread-safe, readers don't lock.
 */
final class StringTable {

	private static final int CAPACITY = 4096;

	private static final int LONG = 128;

	private static final int MAX_LENGTH = 4096;

	/** Long strings that came lately are remembered by so many hashes. */
	private static final int SEEN = 1024;

	/** The string itself, its boxed number, the map's node and slot. */
	private static final int ENTRY_OVERHEAD = 112;

	private final ConcurrentMap<String, Integer> numbers = new ConcurrentHashMap<>();

	private final AtomicReferenceArray<@Nullable String> strings = new AtomicReferenceArray<>(CAPACITY);

	private final long maxBytes;

	private final int[] seen = new int[SEEN];

	private long longBytes;

	private int size;

	private volatile long bytes = CAPACITY * 4L + SEEN * 4L;

	/**
	 * Creates an empty table.
	 * @param maxBytes memory for short strings, and as much again for long ones
	 */
	StringTable(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * The number of a string.
	 * @param string the string
	 * @return 0 or more, or -1 if it is not in the table and has no room there
	 */
	int numberOf(String string) {
		Integer number = this.numbers.get(string);
		if (number != null) {
			return number;
		}
		return (string.length() <= MAX_LENGTH) ? add(string) : -1;
	}

	private synchronized int add(String string) {
		Integer number = this.numbers.get(string);
		if (number != null) {
			return number;
		}
		boolean isLong = string.length() > LONG;
		long cost = ENTRY_OVERHEAD + string.length() * 2L;
		long used = isLong ? this.longBytes : this.bytes - this.longBytes;
		if (this.size == CAPACITY || used + cost > this.maxBytes || (isLong && isNew(string))) {
			return -1;
		}
		int added = this.size++;
		this.strings.set(added, string);
		this.numbers.put(string, added);
		this.longBytes += isLong ? cost : 0;
		this.bytes += cost;
		return added;
	}

	private boolean isNew(String string) {
		int hash = string.hashCode();
		int slot = (hash ^ hash >>> 16) & (SEEN - 1);
		boolean isNew = this.seen[slot] != hash;
		this.seen[slot] = hash;
		return isNew;
	}

	String string(int number) {
		String string = this.strings.get(number);
		if (string == null) {
			throw new IllegalStateException("No string has number " + number);
		}
		return string;
	}

	long bytes() {
		return this.bytes;
	}

}
