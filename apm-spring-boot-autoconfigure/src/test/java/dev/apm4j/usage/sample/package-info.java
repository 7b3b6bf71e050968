/**
 * Classes of an application, to be scanned. Which methods they have is the point of them;
 * nobody calls them.
 */
package dev.apm4j.usage.sample;
