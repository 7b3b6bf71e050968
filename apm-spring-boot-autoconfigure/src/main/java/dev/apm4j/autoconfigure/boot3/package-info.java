/**
 * Beans for types that Spring Boot 3 has where the other line has not. Nothing here is
 * loaded unless its own line is on the class path.
 */
@NullMarked
package dev.apm4j.autoconfigure.boot3;

import org.jspecify.annotations.NullMarked;
