/**
 * An application whose calls are recorded or not. Alone in its package, which is what the
 * recording asks for.
 */
@NullMarked
package dev.apm4j.benchmarks.recorded;

import org.jspecify.annotations.NullMarked;
