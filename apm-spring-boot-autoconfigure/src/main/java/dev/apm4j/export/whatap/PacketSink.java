package dev.apm4j.export.whatap;

import java.io.IOException;

/**
 * Takes packets, as {@link AgentLink#send} does.
 */
@FunctionalInterface
interface PacketSink {

	/**
	 * Takes a packet.
	 * @param source what writes the packet
	 * @param flush when it has to leave
	 * @throws IOException if it could not be sent
	 */
	void send(PacketSource source, AgentLink.Flush flush) throws IOException;

}
