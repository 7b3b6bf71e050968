/**
 * A collector of Scavenger as a process, and what came there. Knows nothing of any test.
 */
package dev.apm4j.it.scavenger;
