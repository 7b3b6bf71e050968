package dev.apm4j.usage.woven.early;

import dev.apm4j.usage.RecordingProbe;

/**
 * A main class: loaded before anything can be recorded.
 */
public final class ProbeMain {

	private ProbeMain() {
	}

	/**
	 * Starts to record and runs the samples.
	 * @param args not used
	 * @throws Exception a checked exception, as many a main method declares
	 */
	public static void main(String[] args) throws Exception {
		before();
		RecordingProbe.run();
	}

	private static void before() {
	}

	static void after() {
	}

	static Unused unused() {
		return new Unused();
	}

	/** Loaded with the main class by whoever looks at that one's methods. */
	static class Unused {

		void never() {
		}

	}

}
