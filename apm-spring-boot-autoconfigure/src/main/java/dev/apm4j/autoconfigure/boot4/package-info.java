/**
 * Beans for types that Spring Boot 4 has where the other line has not. Nothing here is
 * loaded unless its own line is on the class path.
 */
@NullMarked
package dev.apm4j.autoconfigure.boot4;

import org.jspecify.annotations.NullMarked;
