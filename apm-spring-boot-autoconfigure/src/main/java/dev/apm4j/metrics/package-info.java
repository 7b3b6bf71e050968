/**
 * What the JVM and the application count, read for backends that take metrics. Values are
 * plain and neutral: how a backend names and sends them is its own affair.
 */
@NullMarked
package dev.apm4j.metrics;

import org.jspecify.annotations.NullMarked;
