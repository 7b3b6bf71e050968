package dev.apm4j.usage;

/**
 * Called by woven methods, and by nobody else. Public because they are in the
 * application's packages; static because there is nothing they could call it on.
 */
public final class MethodCalls {

	/**
	 * Constant to the compiler, as is its length: of a call that has an inlined index
	 * remains the reading of one byte.
	 */
	private static final byte[] FLAGS = Recorder.shared(Recorder.DEFAULT_MAX_METHODS).flags();

	private MethodCalls() {
	}

	/**
	 * Takes note of a call. Lock-free; plain access, since whoever reads the flags only
	 * wants to know of a call sooner or later.
	 * @param index the method's number
	 */
	public static void hit(int index) {
		// Threads that only read share the line in their caches
		if (FLAGS[index] == 0) {
			FLAGS[index] = 1;
		}
	}

}
