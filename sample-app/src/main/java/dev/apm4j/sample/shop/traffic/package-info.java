/**
 * Visitors of the shop, so that there is something to look at. Switched off with
 * {@code demo.traffic=false}.
 */
@NullMarked
package dev.apm4j.sample.shop.traffic;

import org.jspecify.annotations.NullMarked;
