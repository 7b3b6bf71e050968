/**
 * A small shop on Spring Boot, its data in memory. Each sub-package is one feature; what
 * an order needs to be shown is asked for over HTTP, as if the features were services.
 */
@NullMarked
package dev.apm4j.sample.shop;

import org.jspecify.annotations.NullMarked;
