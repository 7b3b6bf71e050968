/**
 * A real SkyWalking server in a process of its own, and what it has been told. Knows
 * nothing of any test.
 */
package dev.apm4j.it.oap;
