package dev.apm4j.export.whatap;

import dev.apm4j.trace.Segment;

/**
 * A transaction that goes on.
 *
 * @param segment its segment
 * @param txid its id, never 0
 * @param thread the thread on which it began, which may be doing something else by now
 */
record ActiveTransaction(Segment segment, long txid, Thread thread) {
}
