/**
 * What all controllers share: where the services are, and which status an error becomes.
 * Nothing in here knows a feature.
 */
@NullMarked
package dev.apm4j.sample.shop.web;

import org.jspecify.annotations.NullMarked;
