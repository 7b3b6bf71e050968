/**
 * Adapters for types that have another home in Spring Boot 3.5 than in 4. Nothing else
 * lives here, so that dropping a line is deleting a package.
 */
@NullMarked
package dev.apm4j.autoconfigure.boot3;

import org.jspecify.annotations.NullMarked;
