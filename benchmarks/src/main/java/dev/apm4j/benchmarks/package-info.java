/**
 * What a span and a header cost in apm4j, in Brave and in the OpenTelemetry SDK, measured
 * side by side with JMH. {@link dev.apm4j.benchmarks.Main} runs them and prints a table
 * for {@code docs/performance.md}.
 */
@NullMarked
package dev.apm4j.benchmarks;

import org.jspecify.annotations.NullMarked;
