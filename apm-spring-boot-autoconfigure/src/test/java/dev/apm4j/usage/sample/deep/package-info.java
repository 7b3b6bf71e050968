/**
 * A package below, with classes to be scanned.
 */
package dev.apm4j.usage.sample.deep;
