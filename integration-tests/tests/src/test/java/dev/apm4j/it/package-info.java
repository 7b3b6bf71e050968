/**
 * Tests of the packaged starter: applications as processes, seen through HTTP and their
 * log. One class a theme; each runs for every supported line of Spring Boot, JDK and kind
 * of threads.
 */
package dev.apm4j.it;
