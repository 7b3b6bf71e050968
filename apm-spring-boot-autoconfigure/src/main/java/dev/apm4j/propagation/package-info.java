/**
 * Header formats in which a trace travels between processes, and the composite
 * {@link dev.apm4j.propagation.ApmPropagator} that reads and writes the configured ones.
 * A format is one {@link dev.apm4j.propagation.HeaderCodec}; whatever is malformed,
 * oversized or hostile is ignored by it.
 */
@NullMarked
package dev.apm4j.propagation;

import org.jspecify.annotations.NullMarked;
