package dev.apm4j.usage.woven.early;

/**
 * Runs something while it is itself running, as {@code main} does.
 */
public final class Starter {

	private Starter() {
	}

	/**
	 * Runs it.
	 * @param recording what to run
	 */
	public static void start(Runnable recording) {
		start(recording, 0);
	}

	private static void start(Runnable recording, int attempt) {
		recording.run();
	}

	static void start(Runnable recording, String neverCalled) {
		recording.run();
	}

	static void neverCalled() {
	}

}
