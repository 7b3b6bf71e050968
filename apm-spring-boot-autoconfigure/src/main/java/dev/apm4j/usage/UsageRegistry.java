package dev.apm4j.usage;

import java.util.Collection;
import java.util.List;

/**
 * What is known of the methods of the application: the code base, and when which of them
 * was first and last seen to be called. Thread-safe, bounded by the code base.
 */
final class UsageRegistry {

	/** Takes the code base; calls that were reported before are kept. */
	void codeBase(CodeBase codeBase) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Takes a call.
	 * @param method the method
	 * @param epochMillis begin of the interval in which it was called
	 */
	void invoked(MethodKey method, long epochMillis) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Takes out what is to be published: methods called since the last time.
	 * @return the methods; whoever could not publish them {@link #giveBack gives them
	 * back}
	 */
	List<MethodKey> takeInvoked() {
		throw new UnsupportedOperationException();
	}

	void giveBack(Collection<MethodKey> methods) {
		throw new UnsupportedOperationException();
	}

}
