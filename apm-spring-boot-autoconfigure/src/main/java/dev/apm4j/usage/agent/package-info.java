/**
 * The class that the JVM calls when the application was started with the agent jar. It is
 * alone in that jar, because whatever lies beside it would be found by the system class
 * loader before the application's own copy.
 */
@NullMarked
package dev.apm4j.usage.agent;

import org.jspecify.annotations.NullMarked;
