package dev.apm4j.export.whatap;

/**
 * What writes packets of all kinds into the datagram that is being filled. Only to be
 * used while {@link AgentLink#send} runs the source that it was given to.
 *
 * @param transactions the packets of transactions
 * @param control what the agent asks for
 * @param relays what the agent hands on to the server
 */
record Packets(TransactionPackets transactions, ControlPackets control, RelayPackets relays) {
}
