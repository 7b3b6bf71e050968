package dev.apm4j.benchmarks.recorded;

import org.openjdk.jmh.annotations.CompilerControl;

/**
 * Methods that do next to nothing, so that what is added to them shows.
 */
public final class Basket {

	private final int factor = 31;

	/**
	 * Calls a method that the compiler may inline.
	 * @param calls how often
	 * @return what came out, or the calls could be left out
	 */
	public int inlined(int calls) {
		int value = calls;
		for (int i = 0; i < calls; i++) {
			value = add(value);
		}
		return value;
	}

	/**
	 * Calls a method that it must not.
	 * @param calls how often
	 * @return what came out
	 */
	public int called(int calls) {
		int value = calls;
		for (int i = 0; i < calls; i++) {
			value = addOutOfLine(value);
		}
		return value;
	}

	private int add(int value) {
		return value * this.factor + 7;
	}

	@CompilerControl(CompilerControl.Mode.DONT_INLINE)
	private int addOutOfLine(int value) {
		return value * this.factor + 7;
	}

}
