package dev.apm4j.export.whatap;

import java.io.IOException;

import dev.apm4j.trace.Segment;

/**
 * Makes packets of segments: the start of a transaction, and its steps, errors and end.
 * Not thread-safe beyond what {@link AgentLink} is: the caller sees to the order.
 */
final class TransactionWriter {

	private final AgentLink link;

	TransactionWriter(AgentLink link) {
		this.link = link;
	}

	/** The id of the transaction that a segment is: that of its root span, never 0. */
	static long txid(Segment segment) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Sends TX_START.
	 * @param segment a segment whose root has started, and may have ended
	 * @throws IOException if it could not be sent
	 */
	void start(Segment segment) throws IOException {
		this.link.send((packets) -> false, AgentLink.Flush.NOW);
	}

	/**
	 * Sends the steps, the errors and TX_END of a segment whose TX_START was sent.
	 * @param segment a sealed segment
	 * @param detail whether with its steps
	 * @throws IOException if it could not be sent
	 */
	void end(Segment segment, boolean detail) throws IOException {
		throw new UnsupportedOperationException();
	}

	/**
	 * Sends TX_END for a transaction that goes on but that the agent would soon give up.
	 * @param segment a segment whose root has not ended
	 * @throws IOException if it could not be sent
	 */
	void endEarly(Segment segment) throws IOException {
		throw new UnsupportedOperationException();
	}

	/**
	 * Sends a transaction that was given up before as a whole: TX_START_END under an id
	 * of its own, its steps and errors outside of any transaction.
	 * @param segment a sealed segment
	 * @param detail whether with its steps
	 * @throws IOException if it could not be sent
	 */
	void whole(Segment segment, boolean detail) throws IOException {
		throw new UnsupportedOperationException();
	}

}
