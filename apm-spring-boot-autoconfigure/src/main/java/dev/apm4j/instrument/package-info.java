/**
 * What instrumentations of different technologies share: rules that have to be the same
 * wherever a value comes from, and how a span is put around the call of a bean's method.
 * Each technology has a room of its own below.
 */
@NullMarked
package dev.apm4j.instrument;

import org.jspecify.annotations.NullMarked;
