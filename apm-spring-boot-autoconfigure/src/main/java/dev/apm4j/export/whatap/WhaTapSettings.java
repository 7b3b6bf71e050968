package dev.apm4j.export.whatap;

import java.time.Duration;

/**
 * How the backend behaves, checked. The licence is not among it: what is needed of it is
 * the project's number.
 *
 * @param host where the agent listens
 * @param port its UDP port
 * @param version the version of the packets
 * @param projectCode number of the project, 0 if unknown
 * @param oid number of this object in the project, 0 if unknown
 * @param okind number of the kind of this object, 0 if unknown
 * @param lostTime how long the agent waits for the end of a transaction
 * ({@code trace_active_transaction_lost_time})
 */
public record WhaTapSettings(String host, int port, int version, long projectCode, int oid, int okind,
		Duration lostTime) {
}
