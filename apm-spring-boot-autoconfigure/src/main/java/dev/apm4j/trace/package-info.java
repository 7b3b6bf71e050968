/**
 * The tracer core: {@link dev.apm4j.trace.ApmTracer} is the application's
 * {@link io.micrometer.tracing.Tracer}, and a {@link dev.apm4j.trace.Segment} is the work
 * of one request, job run or message in this process. Everything that creates spans
 * writes to it, everything that exports them reads from it, and it knows neither.
 */
@NullMarked
package dev.apm4j.trace;

import org.jspecify.annotations.NullMarked;
