/**
 * Calls of RestTemplate, RestClient and WebClient: one exit span a call, whether the
 * client was built by Boot's builders or by hand. What needs WebFlux is in classes of its
 * own, so that an application without it loads none of them.
 */
@NullMarked
package dev.apm4j.instrument.http;

import org.jspecify.annotations.NullMarked;
