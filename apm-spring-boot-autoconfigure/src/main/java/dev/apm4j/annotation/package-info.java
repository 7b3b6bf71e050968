/**
 * Annotations by which an application names what shall be traced although no
 * instrumentation knows it. They mean nothing without the starter and depend on nothing.
 */
@NullMarked
package dev.apm4j.annotation;

import org.jspecify.annotations.NullMarked;
