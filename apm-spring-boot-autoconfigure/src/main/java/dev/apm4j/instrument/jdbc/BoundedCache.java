package dev.apm4j.instrument.jdbc;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A cache of two generations. What is asked for lives in the young one; when that is full
 * it becomes the old one, and what isn't asked for again until the next time is gone. So
 * endless distinct keys take the memory of two generations and nothing is ever sorted or
 * linked. If asked for, keys that come once don't drive out those that come again: when
 * the first generation is full, a key is kept from the second time on.
 * <p>
 * For any thread, without locks of its own; a hit in the young generation allocates
 * nothing. While several threads load the same key they get the same object, unless a
 * generation ends in that moment.
 *
 * @param <V> type of the values
 */
final class BoundedCache<V> {

	private final int maxEntries;

	private final long maxCharacters;

	private final AtomicReference<Generations<V>> generations;

	/** Hash codes of keys that came once; threads may overwrite each other's. */
	private final int[] once;

	private volatile boolean choosy;

	/**
	 * Creates an empty cache that keeps every key.
	 * @param maxEntries entries of one generation, at least 1
	 * @param maxCharacters characters of all keys of one generation
	 */
	BoundedCache(int maxEntries, long maxCharacters) {
		this(maxEntries, maxCharacters, 0);
	}

	/**
	 * Creates an empty cache.
	 * @param maxEntries entries of one generation, at least 1
	 * @param maxCharacters characters of all keys of one generation
	 * @param candidates how many keys that came once are remembered by 4 bytes each, a
	 * power of 2; 0 if every key is kept
	 */
	BoundedCache(int maxEntries, long maxCharacters, int candidates) {
		this.maxEntries = maxEntries;
		this.maxCharacters = maxCharacters;
		this.once = new int[candidates];
		this.generations = new AtomicReference<>(new Generations<>(new Generation<>(), new Generation<>()));
	}

	/**
	 * The value of a key. A key that alone is too long for a generation isn't kept.
	 * @param key the key
	 * @param loader makes the value if there is none; may be called by several threads
	 * @return the value
	 */
	V get(String key, Function<? super String, ? extends V> loader) {
		Generations<V> current = current();
		V value = current.young.find(key);
		if (value != null) {
			return value;
		}
		value = current.old.find(key);
		if (value == null) {
			value = loader.apply(key);
			if (this.choosy && !cameBefore(key)) {
				return value;
			}
		}
		return (key.length() > this.maxCharacters) ? value : put(key, value);
	}

	private boolean cameBefore(String key) {
		int hash = key.hashCode();
		int slot = (hash ^ (hash >>> 15)) & (this.once.length - 1);
		boolean before = this.once[slot] == hash;
		this.once[slot] = hash;
		return before;
	}

	private V put(String key, V value) {
		Generations<V> current = current();
		Generation<V> young = current.young;
		if (young.isFull(key.length(), this.maxEntries, this.maxCharacters)) {
			this.choosy = this.once.length > 0;
			Generations<V> next = new Generations<>(new Generation<>(), young);
			if (!this.generations.compareAndSet(current, next)) {
				next = current();
			}
			young = next.young;
		}
		return young.add(key, value);
	}

	private Generations<V> current() {
		return Objects.requireNonNull(this.generations.get());
	}

	/** Entries in both generations, some perhaps twice. */
	int size() {
		Generations<V> current = current();
		return current.young.values.size() + current.old.values.size();
	}

	/** Characters of the keys in both generations. */
	long characters() {
		Generations<V> current = current();
		return current.young.characters.get() + current.old.characters.get();
	}

	private record Generations<V>(Generation<V> young, Generation<V> old) {

	}

	private static final class Generation<V> {

		private final ConcurrentMap<String, V> values = new ConcurrentHashMap<>();

		private final AtomicInteger entries = new AtomicInteger();

		private final AtomicLong characters = new AtomicLong();

		@Nullable V find(String key) {
			return this.values.get(key);
		}

		boolean isFull(int length, int maxEntries, long maxCharacters) {
			return this.entries.get() >= maxEntries || this.characters.get() + length > maxCharacters;
		}

		V add(String key, V value) {
			V existing = this.values.putIfAbsent(key, value);
			if (existing != null) {
				return existing;
			}
			this.entries.incrementAndGet();
			this.characters.addAndGet(key.length());
			return value;
		}

	}

}
