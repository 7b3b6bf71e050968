/**
 * A Scavenger collector to test against: the server library, the messages, the checks and
 * the limits of the real one, which is not published as an artifact. What came is kept in
 * the order in which it came and can be asked for, also by HTTP from another process.
 */
package dev.apm4j.it.scavenger;
