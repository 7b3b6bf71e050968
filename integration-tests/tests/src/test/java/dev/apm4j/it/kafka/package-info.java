/**
 * A Kafka broker that the tests start, and what is in its topics. Only for tests.
 */
package dev.apm4j.it.kafka;
