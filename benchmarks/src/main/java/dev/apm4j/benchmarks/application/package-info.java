/**
 * What tracing costs a whole Spring Boot application, each tracer beside the same
 * application without one and under the same load at the same time.
 * {@link dev.apm4j.benchmarks.application.WholeApplication} starts all of it.
 */
@NullMarked
package dev.apm4j.benchmarks.application;

import org.jspecify.annotations.NullMarked;
