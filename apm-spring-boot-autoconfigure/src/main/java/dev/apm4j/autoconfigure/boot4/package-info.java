/**
 * Adapters for types that have another home in Spring Boot 4 than in 3.5. Nothing else
 * lives here, so that dropping a line is deleting a package.
 */
@NullMarked
package dev.apm4j.autoconfigure.boot4;

import org.jspecify.annotations.NullMarked;
