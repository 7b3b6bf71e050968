/**
 * What the instrumentations by Spring AOP have in common: which methods carry an
 * annotation and how a span is put around a call. The rooms below build on it and don't
 * know each other.
 */
@NullMarked
package dev.apm4j.instrument;

import org.jspecify.annotations.NullMarked;
