package dev.apm4j.usage;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Classes and methods whose calls are not recorded. Thread-safe, bounded.
 */
final class UnrecordedMethods {

	private final int capacity;

	private final Map<String, UnrecordedReason> classes = new HashMap<>();

	private final Set<MethodKey> methods = new HashSet<>();

	private boolean full;

	/**
	 * Makes an empty one.
	 * @param capacity how many classes, and how many methods, it takes; with more it
	 * contains everything
	 */
	UnrecordedMethods(int capacity) {
		this.capacity = capacity;
	}

	synchronized void add(String className, UnrecordedReason reason) {
		if (this.classes.size() < this.capacity) {
			this.classes.putIfAbsent(className, reason);
		}
		else {
			this.full = true;
		}
	}

	/** Takes a method that is too large; the others of its class are recorded. */
	synchronized void add(MethodKey method) {
		if (this.methods.size() < this.capacity) {
			this.methods.add(method);
		}
		else {
			this.full = true;
		}
	}

	synchronized boolean contains(MethodKey method) {
		return this.full || this.classes.containsKey(method.className()) || this.methods.contains(method);
	}

	/** How many classes there are for which reason. */
	synchronized Map<UnrecordedReason, Integer> classes() {
		Map<UnrecordedReason, Integer> counts = new EnumMap<>(UnrecordedReason.class);
		this.classes.values().forEach((reason) -> counts.merge(reason, 1, Integer::sum));
		return counts;
	}

	/** How many methods there are whose class is recorded otherwise. */
	synchronized int methods() {
		return this.methods.size();
	}

}
