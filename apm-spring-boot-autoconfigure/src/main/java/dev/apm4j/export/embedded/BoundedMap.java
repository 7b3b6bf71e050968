package dev.apm4j.export.embedded;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What belongs to each of a bounded number of keys: first come, first served, and one
 * value for all keys that found no room. Thread-safe; finding a known key takes no lock.
 */
final class BoundedMap<K, V> {

	private final ConcurrentMap<K, V> values = new ConcurrentHashMap<>();

	private final AtomicInteger size = new AtomicInteger();

	private final int capacity;

	private final V other;

	BoundedMap(int capacity, V other) {
		this.capacity = capacity;
		this.other = other;
	}

	V get(K key, Function<K, V> factory) {
		V value = this.values.get(key);
		return (value != null) ? value : create(key, factory);
	}

	/**
	 * The value of a key that is known, for callers whose factory would be an object for
	 * each call.
	 */
	@Nullable V find(K key) {
		return this.values.get(key);
	}

	V create(K key, Function<K, V> factory) {
		if (this.size.get() >= this.capacity) {
			return this.other;
		}
		if (this.size.incrementAndGet() > this.capacity) {
			this.size.decrementAndGet();
			return this.other;
		}
		V created = factory.apply(key);
		V first = this.values.putIfAbsent(key, created);
		if (first != null) {
			this.size.decrementAndGet();
			return first;
		}
		return created;
	}

	/** The values of the keys that are told apart. */
	Collection<V> values() {
		return this.values.values();
	}

	/** The value of all other keys. */
	V other() {
		return this.other;
	}

}
