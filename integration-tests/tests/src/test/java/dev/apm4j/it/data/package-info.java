/**
 * SQL from outside: what the application's ways to a database leave in traces, on each
 * line of Spring Boot and with each database of this machine.
 */
package dev.apm4j.it.data;
