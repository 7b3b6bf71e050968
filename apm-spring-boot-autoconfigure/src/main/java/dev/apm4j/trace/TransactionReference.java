package dev.apm4j.trace;

/**
 * What WhaTap's headers tell of the transaction that caused this one, beside the trace
 * id.
 *
 * @param depth how many calls are between the first transaction of the trace and this
 * one, 0 or more
 * @param txid id of the calling transaction, not 0
 * @param stepId id of the step that made the call, 0 if unknown
 * @param poid project, kind and object of the caller: three numbers in {@link Hexa32},
 * separated by commas; empty if unknown
 * @param spec version of the calling service, empty if unknown
 * @param urlHash CRC-32 of the name of the calling transaction, 0 if unknown
 */
public record TransactionReference(int depth, long txid, long stepId, String poid, String spec, int urlHash) {
}
