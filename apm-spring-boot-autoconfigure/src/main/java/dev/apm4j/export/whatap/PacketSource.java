package dev.apm4j.export.whatap;

/**
 * Writes one packet, perhaps twice: first into a datagram that turns out to be full, then
 * into an empty one.
 */
@FunctionalInterface
interface PacketSource {

	/**
	 * Writes the packet.
	 * @param packets what writes packets
	 * @return whether it fitted
	 */
	boolean writeTo(Packets packets);

}
