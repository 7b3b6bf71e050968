package dev.apm4j.instrument.jdbc;

/**
 * What a traced connection is unwrapped by, however many proxies are around it. There are
 * drivers that throw when they are asked for a class instead of an interface.
 */
interface Traced {

	TracedConnection tracedConnection();

}
