/**
 * SQL: each statement of a {@link javax.sql.DataSource} becomes an exit span with its
 * sanitised text, and a statement that a request repeats becomes one span with a count.
 * The data source stays what it was; its connections, statements and results are wrapped.
 */
@NullMarked
package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.NullMarked;
