package dev.apm4j.instrument.jdbc;

import dev.apm4j.trace.SpanTemplate;

/**
 * What is known of all executions of a statement. Immutable.
 *
 * @param span what their spans have in common
 * @param secrets a bit for each of the first 32 parameters, set where the value is a
 * secret; 0 if values aren't recorded
 */
record StatementTemplate(SpanTemplate span, int secrets) {
}
