package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;

/**
 * The backend's daemon thread, {@code apm-whatap}: waits for what the agent sends and
 * does what is due meanwhile. Nothing that it calls is traced. Thread-safe.
 */
final class AgentLoop {

	/**
	 * Runs a task again and again.
	 * @param name what it is called in messages
	 * @param rate from the begin of a run to the begin of the next, 50 ms or more
	 * @param task the task; what it throws is counted and said, and it goes on
	 */
	void periodic(String name, Duration rate, Task task) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Hands each text that the agent sends to a listener, on this loop's thread.
	 * @param listener the listener; the last one that is set counts
	 */
	void onText(TextListener listener) {
		throw new UnsupportedOperationException();
	}

	/** What is to be done. */
	@FunctionalInterface
	interface Task {

		/**
		 * Does it.
		 * @throws IOException if the agent can't be reached
		 */
		void run() throws IOException;

	}

	/** Takes what the agent sends. */
	@FunctionalInterface
	interface TextListener {

		/**
		 * Takes a datagram.
		 * @param text its text, of at most 64 KiB
		 * @throws IOException if the agent can't be answered
		 */
		void received(String text) throws IOException;

	}

}
