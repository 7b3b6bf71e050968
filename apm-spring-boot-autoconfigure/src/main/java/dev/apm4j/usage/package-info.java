/**
 * Finds dead code: scans the classes of the application, records which of their methods
 * were ever called, keeps and shows both, and publishes them to a Scavenger collector.
 * Knows nothing of the tracer and nothing of Spring Boot.
 */
@NullMarked
package dev.apm4j.usage;

import org.jspecify.annotations.NullMarked;
