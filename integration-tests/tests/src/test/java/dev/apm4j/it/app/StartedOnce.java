package dev.apm4j.it.app;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Things that start when they are first asked for and stay for all tests, for the store
 * that ends with the last test. What has failed to start is not tried again: it would
 * fail in the same way.
 *
 * @param <K> what tells them apart
 * @param <V> their type
 */
public final class StartedOnce<K, V extends AutoCloseable> implements AutoCloseable {

	private final Map<K, V> started = new HashMap<>();

	private final Map<K, RuntimeException> failures = new HashMap<>();

	/**
	 * Gets or starts one.
	 * @param key which one
	 * @param start how to start it
	 * @return the running one
	 */
	public V get(K key, Function<K, V> start) {
		RuntimeException failure = this.failures.get(key);
		if (failure != null) {
			throw failure;
		}
		V running = this.started.get(key);
		if (running == null) {
			try {
				running = start.apply(key);
			}
			catch (RuntimeException ex) {
				this.failures.put(key, ex);
				throw ex;
			}
			this.started.put(key, running);
		}
		return running;
	}

	@Override
	public void close() throws Exception {
		for (V running : this.started.values()) {
			running.close();
		}
	}

}
