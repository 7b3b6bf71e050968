package dev.apm4j.export.whatap;

/**
 * The connections of a pool at one moment.
 *
 * @param url the JDBC URL, of which passwords are masked when it is sent, or the pool's
 * name if it isn't known
 * @param active those in use
 * @param idle those not in use
 */
public record PoolConnections(String url, int active, int idle) {

}
