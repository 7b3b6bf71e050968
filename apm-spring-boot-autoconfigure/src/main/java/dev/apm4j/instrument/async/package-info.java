/**
 * Carries the current span to other threads: the accessors that Micrometer's context
 * propagation, and with it Reactor and Spring's executors, capture and restore.
 */
@NullMarked
package dev.apm4j.instrument.async;

import org.jspecify.annotations.NullMarked;
