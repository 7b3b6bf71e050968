package dev.apm4j.usage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Called methods that are not published yet, by the begin of the interval in which they
 * were called. Each method once, under its latest interval; so it is bounded by the code
 * base, however long a collector is away. Not thread-safe.
 */
final class PendingInvocations {

	/** With more, the oldest ones become one. */
	static final int MAX_INTERVALS = 16;

	private final TreeMap<Long, Set<MethodKey>> intervals = new TreeMap<>();

	/**
	 * Adds an interval; an empty one only if it is the only one.
	 * @param startedAtMillis its begin
	 * @param methods the methods that were called in it
	 */
	void add(long startedAtMillis, Collection<MethodKey> methods) {
		this.intervals.values().forEach((older) -> methods.forEach(older::remove));
		this.intervals.values().removeIf(Set::isEmpty);
		if (methods.isEmpty() && !this.intervals.isEmpty()) {
			return;
		}
		this.intervals.computeIfAbsent(startedAtMillis, (start) -> new LinkedHashSet<>()).addAll(methods);
		if (this.intervals.size() > MAX_INTERVALS) {
			// Under the older begin: nothing may seem to be called later than it was.
			Set<MethodKey> oldest = this.intervals.firstEntry().getValue();
			Map.Entry<Long, Set<MethodKey>> second = this.intervals.higherEntry(this.intervals.firstKey());
			oldest.addAll(second.getValue());
			this.intervals.remove(second.getKey());
		}
	}

	/**
	 * The oldest interval.
	 * @return its begin, {@code null} if there is none
	 */
	@Nullable Long oldest() {
		return this.intervals.isEmpty() ? null : this.intervals.firstKey();
	}

	/**
	 * The methods of an interval.
	 * @param startedAtMillis its begin
	 * @return the methods
	 */
	List<MethodKey> methods(long startedAtMillis) {
		return List.copyOf(this.intervals.getOrDefault(startedAtMillis, Set.of()));
	}

	/**
	 * Takes out what is published. The interval ends with its last method.
	 * @param startedAtMillis its begin
	 * @param methods the methods
	 */
	void remove(long startedAtMillis, List<MethodKey> methods) {
		Set<MethodKey> interval = this.intervals.get(startedAtMillis);
		if (interval == null) {
			return;
		}
		methods.forEach(interval::remove);
		if (interval.isEmpty()) {
			this.intervals.remove(startedAtMillis);
		}
	}

	boolean isEmpty() {
		return this.intervals.isEmpty();
	}

	/**
	 * How many methods there are.
	 */
	int size() {
		return this.intervals.values().stream().mapToInt(Set::size).sum();
	}

	/**
	 * Takes out everything.
	 * @return all methods
	 */
	List<MethodKey> drain() {
		List<MethodKey> methods = new ArrayList<>();
		this.intervals.values().forEach(methods::addAll);
		this.intervals.clear();
		return methods;
	}

}
