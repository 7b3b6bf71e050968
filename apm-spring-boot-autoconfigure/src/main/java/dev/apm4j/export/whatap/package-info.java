/**
 * The WhaTap backend's wire format: what WhaTap's local agent reads from UDP datagrams,
 * written into one reused buffer, with all that must not leave the process masked on the
 * way. What turns segments into these packets and sends them is not here yet.
 */
@NullMarked
package dev.apm4j.export.whatap;

import org.jspecify.annotations.NullMarked;
