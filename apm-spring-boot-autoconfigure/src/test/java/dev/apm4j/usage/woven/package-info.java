/**
 * Code whose calls are recorded. Everything is called but what has {@code dead} in its
 * name or its class's name.
 */
@NullMarked
package dev.apm4j.usage.woven;

import org.jspecify.annotations.NullMarked;
