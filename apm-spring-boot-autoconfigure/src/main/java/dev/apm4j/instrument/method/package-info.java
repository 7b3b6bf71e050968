/**
 * Methods that the user names by {@code @EntryPoint} and {@code @MethodProfiling}: spans
 * for what no instrumentation knows.
 */
@NullMarked
package dev.apm4j.instrument.method;

import org.jspecify.annotations.NullMarked;
