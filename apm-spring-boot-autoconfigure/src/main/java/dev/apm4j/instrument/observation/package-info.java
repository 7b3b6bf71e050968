/**
 * Micrometer Observations as spans: every Observation that no native instrumentation
 * covers becomes one, and those that are covered adopt the native span instead of making
 * a second one. Meters are never touched.
 */
@NullMarked
package dev.apm4j.instrument.observation;

import org.jspecify.annotations.NullMarked;
