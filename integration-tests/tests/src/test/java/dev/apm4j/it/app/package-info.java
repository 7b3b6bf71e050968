/**
 * What the tests need to run applications as processes and to read what those tell. Knows
 * nothing of any test.
 */
package dev.apm4j.it.app;
