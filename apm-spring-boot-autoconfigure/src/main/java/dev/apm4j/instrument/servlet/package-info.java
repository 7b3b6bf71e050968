/**
 * Requests that a servlet container serves: a filter that opens one server span for each
 * and ends it once, whatever dispatches it goes through. The filter knows Spring MVC only
 * by the names of the request attributes it leaves, so any servlet application is served.
 */
@NullMarked
package dev.apm4j.instrument.servlet;

import org.jspecify.annotations.NullMarked;
