package dev.apm4j.usage;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Numbers the methods that are recorded. The same method has the same number in whatever
 * class loader: a restart must not use up numbers. Thread-safe, bounded; holds no class
 * and no class loader.
 */
final class MethodTable {

	private final int capacity;

	private final Map<MethodKey, Integer> indexes = new HashMap<>();

	private final List<MethodKey> methods = new ArrayList<>();

	/** Methods of one class share its name, and many a descriptor. */
	private final Map<String, String> strings = new HashMap<>();

	private final Map<ClassLoader, Set<String>> classes = new WeakHashMap<>();

	/** Numbers of methods that may have been called before their calls were recorded. */
	private final BitSet late = new BitSet();

	/** Those of them that became so since {@link #notLate} was called last. */
	private final BitSet newlyLate = new BitSet();

	/**
	 * Makes an empty table.
	 * @param capacity how many methods it takes
	 */
	MethodTable(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Numbers methods of a class.
	 * @param loader the class's loader
	 * @param className its binary name
	 * @param methods the methods
	 * @param loaded whether the class is loaded already, so that methods that were not in
	 * the table may have been called
	 * @return their numbers in the same order; {@code null} if there is no room for all
	 * of them, of which then none is in the table
	 */
	synchronized int @Nullable [] add(ClassLoader loader, String className, List<MethodKey> methods, boolean loaded) {
		long added = methods.stream().filter((method) -> !this.indexes.containsKey(method)).count();
		if (this.methods.size() + added > this.capacity) {
			return null;
		}
		boolean firstTime = this.classes.computeIfAbsent(loader, (key) -> new HashSet<>()).add(shared(className));
		int[] numbers = new int[methods.size()];
		for (int i = 0; i < numbers.length; i++) {
			Integer known = this.indexes.get(methods.get(i));
			numbers[i] = (known != null) ? known : add(methods.get(i));
			if (loaded && (firstTime || known == null) && !this.late.get(numbers[i])) {
				this.late.set(numbers[i]);
				this.newlyLate.set(numbers[i]);
			}
		}
		return numbers;
	}

	private int add(MethodKey method) {
		MethodKey key = new MethodKey(shared(method.className()), shared(method.name()), shared(method.descriptor()));
		int index = this.methods.size();
		this.methods.add(key);
		this.indexes.put(key, index);
		return index;
	}

	private String shared(String string) {
		return this.strings.computeIfAbsent(string, (key) -> key);
	}

	/**
	 * Whether methods of a class are in the table.
	 * @param loader the class's loader
	 * @param className its binary name
	 */
	synchronized boolean contains(@Nullable ClassLoader loader, String className) {
		return loader != null && this.classes.getOrDefault(loader, Set.of()).contains(className);
	}

	/**
	 * Whether a method is in the table that may have been called before it was.
	 * @param method the method
	 */
	synchronized boolean isLate(MethodKey method) {
		Integer index = this.indexes.get(method);
		return index != null && this.late.get(index);
	}

	/**
	 * Takes back that methods may have been called before they were in the table, for
	 * those of which that was new.
	 * @param classNames their classes
	 */
	synchronized void notLate(Set<String> classNames) {
		this.newlyLate.stream()
			.filter((index) -> classNames.contains(this.methods.get(index).className()))
			.forEach(this.late::clear);
		this.newlyLate.clear();
	}

	/**
	 * The number of a method.
	 * @return its number, -1 if it is not in the table
	 */
	synchronized int indexOf(MethodKey method) {
		return this.indexes.getOrDefault(method, -1);
	}

	/**
	 * The numbers of all overloads of a method.
	 * @param className binary name of the class
	 * @param name name of the method
	 */
	synchronized List<Integer> indexesOf(String className, String name) {
		List<Integer> found = new ArrayList<>();
		for (int i = 0; i < this.methods.size(); i++) {
			MethodKey method = this.methods.get(i);
			if (method.name().equals(name) && method.className().equals(className)) {
				found.add(i);
			}
		}
		return found;
	}

	synchronized MethodKey method(int index) {
		return this.methods.get(index);
	}

	synchronized int size() {
		return this.methods.size();
	}

	/** The numbers of methods that may have been called before they were in the table. */
	synchronized BitSet late() {
		return (BitSet) this.late.clone();
	}

}
