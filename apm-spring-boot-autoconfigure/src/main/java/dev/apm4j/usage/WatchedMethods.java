package dev.apm4j.usage;

import java.util.BitSet;
import java.util.List;

/**
 * The methods of a code base with the times of their calls, some 30 bytes a method beside
 * the code base. For one thread at a time.
 */
final class WatchedMethods {

	private final CodeBase codeBase;

	private final long[] hashes;

	private final MethodTimes times;

	private final BitSet unpublished;

	private final BitSet unrecorded;

	WatchedMethods(CodeBase codeBase) {
		int size = codeBase.methods().size();
		this.codeBase = codeBase;
		this.hashes = new long[size];
		for (int i = 0; i < size; i++) {
			this.hashes[i] = UsageHistory.hash(key(codeBase.methods(), i));
		}
		this.times = new MethodTimes(size);
		this.unpublished = new BitSet(size);
		this.unrecorded = new BitSet(size);
	}

	CodeBase codeBase() {
		return this.codeBase;
	}

	int size() {
		return this.hashes.length;
	}

	CodeBaseMethod method(int index) {
		return this.codeBase.methods().get(index);
	}

	MethodTimes times() {
		return this.times;
	}

	BitSet unpublished() {
		return this.unpublished;
	}

	/** Methods whose calls can't be seen. */
	BitSet unrecorded() {
		return this.unrecorded;
	}

	/**
	 * Finds a method.
	 * @param key the method
	 * @return its index, negative if it is not in the code base
	 */
	int find(MethodKey key) {
		List<CodeBaseMethod> methods = this.codeBase.methods();
		int from = 0;
		int to = methods.size() - 1;
		while (from <= to) {
			int middle = (from + to) >>> 1;
			int order = key(methods, middle).compareTo(key);
			if (order == 0) {
				return middle;
			}
			if (order < 0) {
				from = middle + 1;
			}
			else {
				to = middle - 1;
			}
		}
		return -1;
	}

	/** Takes what the methods of another code base, that are in this one too, did. */
	void addAll(WatchedMethods other) {
		for (int i = 0; i < other.size(); i++) {
			int index = find(other.method(i).key());
			if (index >= 0) {
				this.times.add(index, other.times, i);
				this.unpublished.set(index, other.unpublished.get(i));
			}
		}
	}

	void addAll(UsageHistory history) {
		for (int i = 0; i < this.hashes.length; i++) {
			int index = history.find(this.hashes[i]);
			if (index >= 0) {
				this.times.add(i, history.times(), index);
			}
		}
	}

	/**
	 * What is to be kept.
	 * @param recorded since when and until when calls were recorded
	 * @return the history of this run with what is known of the time before
	 */
	UsageHistory history(RecordedTime recorded) {
		UsageHistory.Builder builder = new UsageHistory.Builder(this.hashes.length);
		for (int i = 0; i < this.hashes.length; i++) {
			if (!this.unrecorded.get(i)) {
				builder.add(this.hashes[i], MethodTimes.earlier(this.times.knownSince(i), recorded.since()),
						recorded.until(), this.times.firstCalled(i), this.times.lastCalled(i));
			}
		}
		return builder.build(recorded);
	}

	private static MethodKey key(List<CodeBaseMethod> methods, int index) {
		return methods.get(index).key();
	}

}
