/**
 * Jobs: {@code @Scheduled} methods, the runners of Spring Boot and methods with
 * {@code @BatchProfiling}. Each run is a segment of its own with an outcome.
 */
@NullMarked
package dev.apm4j.instrument.batch;

import org.jspecify.annotations.NullMarked;
