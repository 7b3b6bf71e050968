/**
 * JDBC: one exit span a statement, with a text that shows what was asked but none of the
 * values. The text side of it (lexer, sanitiser, cache, database URL) knows neither
 * drivers nor connections and never throws.
 */
@NullMarked
package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.NullMarked;
