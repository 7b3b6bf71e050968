package dev.apm4j.export.whatap;

import java.io.IOException;

/**
 * The connected UDP socket to the local agent, with the datagram that is being filled.
 * Thread-safe; never for a request's thread.
 */
final class AgentLink {

	/** When a packet has to leave. */
	enum Flush {

		/** With what comes later, within {@link #flushIdle()}'s time. */
		LATER,

		/** At once, with all that was written before. */
		NOW

	}

	/**
	 * Puts a packet into the datagram, which is sent before it would pass 48 KiB.
	 * @param source what writes the packet
	 * @param flush when it has to leave
	 * @throws IOException if nobody listens, or sending fails otherwise; what was in the
	 * datagram is lost then and counted, and the next packet tries a new socket
	 */
	void send(PacketSource source, Flush flush) throws IOException {
		throw new UnsupportedOperationException();
	}

	/**
	 * Sends what has waited long enough.
	 * @throws IOException if sending fails
	 */
	void flushIdle() throws IOException {
		throw new UnsupportedOperationException();
	}

}
