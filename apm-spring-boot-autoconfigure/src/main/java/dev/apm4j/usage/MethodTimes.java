package dev.apm4j.usage;

/**
 * When each of a number of methods was first and last called, and since when and until
 * when it has been watched. Times are seconds since 1970, 0 is never; they are held as
 * unsigned 32-bit numbers, that is until 2106, 16 bytes per method. For one thread at a
 * time.
 */
final class MethodTimes {

	private static final int STRIDE = 4;

	private static final int KNOWN_SINCE = 0;

	private static final int KNOWN_UNTIL = 1;

	private static final int FIRST_CALLED = 2;

	private static final int LAST_CALLED = 3;

	private final int[] seconds;

	MethodTimes(int methods) {
		this.seconds = new int[Math.multiplyExact(methods, STRIDE)];
	}

	long knownSince(int method) {
		return get(method, KNOWN_SINCE);
	}

	long knownUntil(int method) {
		return get(method, KNOWN_UNTIL);
	}

	long firstCalled(int method) {
		return get(method, FIRST_CALLED);
	}

	long lastCalled(int method) {
		return get(method, LAST_CALLED);
	}

	/** The method was watched for a time; extends what is known. */
	void known(int method, long since, long until) {
		min(method, KNOWN_SINCE, since);
		max(method, KNOWN_UNTIL, until);
	}

	/** The method was called at these times; extends what is known. */
	void called(int method, long first, long last) {
		min(method, FIRST_CALLED, first);
		max(method, LAST_CALLED, last);
	}

	void add(int method, MethodTimes other, int othersMethod) {
		known(method, other.knownSince(othersMethod), other.knownUntil(othersMethod));
		called(method, other.firstCalled(othersMethod), other.lastCalled(othersMethod));
	}

	static long earlier(long first, long second) {
		if (first == 0 || second == 0) {
			return Math.max(first, second);
		}
		return Math.min(first, second);
	}

	private void min(int method, int column, long value) {
		set(method, column, earlier(get(method, column), value));
	}

	private void max(int method, int column, long value) {
		set(method, column, Math.max(get(method, column), value));
	}

	private long get(int method, int column) {
		return Integer.toUnsignedLong(this.seconds[method * STRIDE + column]);
	}

	private void set(int method, int column, long value) {
		this.seconds[method * STRIDE + column] = (int) Math.max(0, Math.min(value, 0xFFFFFFFFL));
	}

}
