/**
 * A conformance kit for {@link io.micrometer.tracing.Tracer} implementations: what an
 * application may rely on whatever tracer it runs on. It is abstract over a
 * {@link dev.apm4j.trace.kit.TracerFactory} and asserts only what Micrometer's own Brave
 * and OpenTelemetry bridges agree on.
 */
@NullMarked
package dev.apm4j.trace.kit;

import org.jspecify.annotations.NullMarked;
