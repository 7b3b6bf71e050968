package dev.apm4j.usage;

import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What is kept of methods over restarts. A method is kept as a hash, 24 bytes with its
 * times. Not changed once it is built.
 */
final class UsageHistory {

	static final UsageHistory EMPTY = new Builder(0).build(RecordedTime.NONE);

	private static final long KEPT_SECONDS = 90L * 24 * 60 * 60;

	private final RecordedTime recorded;

	private final long[] hashes;

	private final MethodTimes times;

	private UsageHistory(RecordedTime recorded, long[] hashes, MethodTimes times) {
		this.recorded = recorded;
		this.hashes = hashes;
		this.times = times;
	}

	/**
	 * The hash that a method is kept by.
	 * @param method the method
	 * @return the first 64 bits of the SHA-256 of its class, name and descriptor; two of
	 * a million methods share one once in some 30 million code bases
	 */
	static long hash(MethodKey method) {
		try {
			String text = method.className() + "." + method.name() + method.descriptor();
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return ByteBuffer.wrap(digest).getLong();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

	RecordedTime recorded() {
		return this.recorded;
	}

	int size() {
		return this.hashes.length;
	}

	long hash(int index) {
		return this.hashes[index];
	}

	MethodTimes times() {
		return this.times;
	}

	/**
	 * Finds a method.
	 * @param hash its hash
	 * @return its index, negative if it is not known
	 */
	int find(long hash) {
		return Arrays.binarySearch(this.hashes, hash);
	}

	/**
	 * Adds what this process knows.
	 * @param run what it knows; the time it recorded is one without interruption
	 * @param most how many methods are kept at most, but for those of the run, which are
	 * kept in any case; those go first that have not been in a code base for the longest
	 * time, and in any case after 90 days
	 * @return both together
	 */
	UsageHistory plus(UsageHistory run, int most) {
		RecordedTime ran = run.recorded;
		Builder builder = new Builder(size() + run.size());
		builder.addAll(this, 0);
		builder.addAll(run, 0);
		UsageHistory sum = builder.build(this.recorded.plus(ran.since(), ran.until()));
		long oldest = Math.max(ran.until() - KEPT_SECONDS, sum.oldestOf(most));
		if (ran.until() > 0) {
			// Others may be as young, or seem younger as a clock was wrong
			oldest = Math.min(oldest, ran.until());
		}
		Builder kept = new Builder(sum.size());
		kept.addAll(sum, oldest);
		return kept.build(sum.recorded);
	}

	private long oldestOf(int most) {
		if (size() <= most) {
			return 0;
		}
		long[] ages = new long[size()];
		for (int i = 0; i < ages.length; i++) {
			ages[i] = this.times.knownUntil(i);
		}
		Arrays.sort(ages);
		return ages[ages.length - most - 1] + 1;
	}

	/** Collects methods in any order. What is added twice is put together. */
	static final class Builder {

		private final long[] hashes;

		private final MethodTimes times;

		private int size;

		Builder(int capacity) {
			this.hashes = new long[capacity];
			this.times = new MethodTimes(capacity);
		}

		void add(long hash, long knownSince, long knownUntil, long firstCalled, long lastCalled) {
			this.hashes[this.size] = hash;
			this.times.known(this.size, knownSince, knownUntil);
			this.times.called(this.size, firstCalled, lastCalled);
			this.size++;
		}

		private void addAll(UsageHistory history, long knownUntil) {
			for (int i = 0; i < history.size(); i++) {
				if (history.times.knownUntil(i) >= knownUntil) {
					this.hashes[this.size] = history.hashes[i];
					this.times.add(this.size, history.times, i);
					this.size++;
				}
			}
		}

		UsageHistory build(RecordedTime recorded) {
			long[] sorted = Arrays.stream(this.hashes, 0, this.size).sorted().distinct().toArray();
			MethodTimes ordered = new MethodTimes(sorted.length);
			for (int i = 0; i < this.size; i++) {
				ordered.add(Arrays.binarySearch(sorted, this.hashes[i]), this.times, i);
			}
			return new UsageHistory(recorded, sorted, ordered);
		}

	}

}
