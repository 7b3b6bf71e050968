/**
 * The WhaTap backend: tells WhaTap's local agent of transactions, by UDP datagrams that
 * are written into one reused buffer, with all that must not leave the process masked on
 * the way. Everything goes over one socket, from which it also reads what the agent asks
 * for.
 */
@NullMarked
package dev.apm4j.export.whatap;

import org.jspecify.annotations.NullMarked;
