package dev.apm4j.export.whatap;

import java.time.Duration;
import java.util.List;

import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;

/**
 * The link to the local agent with all that goes over it: what is added here starts and
 * ends with the exporter. Thread-safe.
 */
public final class WhaTapBackend implements SegmentSink, AutoCloseable {

	/** The settings in force, which a changed {@code whatap.conf} replaces. */
	WhaTapSettings settings() {
		throw new UnsupportedOperationException();
	}

	AgentLink link() {
		throw new UnsupportedOperationException();
	}

	/** The thread for periodic work, which also reads what the agent sends. */
	AgentLoop loop() {
		throw new UnsupportedOperationException();
	}

	/** The transactions that go on now, the oldest first. */
	List<ActiveTransaction> activeTransactions() {
		throw new UnsupportedOperationException();
	}

	/**
	 * Adds something that is reported. It begins with the backend, at once if that has
	 * begun.
	 * @param feature the feature
	 */
	public void add(Feature feature) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Begins to report. Does nothing the second time, or if closed before.
	 */
	public void start() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void started(Segment segment) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void accept(Segment segment) {
	}

	@Override
	public void close() {
		close(Duration.ofSeconds(1));
	}

	/**
	 * Ends everything. Does nothing the second time.
	 * @param timeout how long it may take at most
	 */
	public void close(Duration timeout) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Something that is reported to WhaTap beside transactions.
	 */
	public interface Feature {

		/**
		 * Begins, usually by adding tasks to the loop. Must return soon.
		 * @param backend the backend
		 */
		void start(WhaTapBackend backend);

		/**
		 * Ends, after the loop has ended; what is still to be sent can be sent.
		 * @param backend the backend
		 */
		default void end(WhaTapBackend backend) {
		}

	}

}
