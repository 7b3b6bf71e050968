/**
 * The ids of the current span in the logging context, so that every log line names its
 * trace. Keys are those that Spring Boot's default log line and most layouts expect.
 */
@NullMarked
package dev.apm4j.instrument.logging;

import org.jspecify.annotations.NullMarked;
