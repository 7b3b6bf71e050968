/**
 * What instrumentations of different technologies share: rules that have to be the same
 * wherever a value comes from. Each technology has a room of its own below.
 */
@NullMarked
package dev.apm4j.instrument;

import org.jspecify.annotations.NullMarked;
