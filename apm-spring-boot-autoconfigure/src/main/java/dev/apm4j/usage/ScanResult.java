package dev.apm4j.usage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects the methods of a scan. Holds at most twice as many as may count, and of too
 * many keeps the first by name, so that what is left out does not depend on the order in
 * which files are found. For one thread.
 */
final class ScanResult {

	private final int maxMethods;

	private final Set<String> classes = new HashSet<>();

	private final Map<String, String> texts = new HashMap<>();

	private List<CodeBaseMethod> methods = new ArrayList<>();

	private int leftOut;

	private int unreadable;

	ScanResult(int maxMethods) {
		this.maxMethods = maxMethods;
	}

	/**
	 * Takes the methods of a class, if it is the first of its name: the class path's
	 * order decides which one is loaded.
	 */
	void add(String className, List<CodeBaseMethod> found) {
		if (!this.classes.add(className)) {
			return;
		}
		for (CodeBaseMethod method : found) {
			MethodKey key = method.key();
			this.methods.add(new CodeBaseMethod(new MethodKey(className, shared(key.name()), shared(key.descriptor())),
					method.access()));
		}
		if (this.methods.size() > 2L * this.maxMethods) {
			sortAndCut();
		}
	}

	void unreadable() {
		this.unreadable++;
	}

	int size() {
		return this.methods.size();
	}

	CodeBase codeBase() {
		sortAndCut();
		return new CodeBase(List.copyOf(this.methods), this.leftOut, this.unreadable);
	}

	private void sortAndCut() {
		this.methods.sort(Comparator.comparing(CodeBaseMethod::key));
		int tooMany = this.methods.size() - this.maxMethods;
		if (tooMany > 0) {
			this.leftOut += tooMany;
			this.methods = new ArrayList<>(this.methods.subList(0, this.maxMethods));
		}
	}

	/** The same names and descriptors come again and again. */
	private String shared(String text) {
		String known = this.texts.putIfAbsent(text, text);
		return (known != null) ? known : text;
	}

}
