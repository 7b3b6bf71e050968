/**
 * Orders are placed and shown here. To show one, the catalogue, the stock and the
 * shipping service are asked over HTTP.
 */
@NullMarked
package dev.apm4j.sample.shop.order;

import org.jspecify.annotations.NullMarked;
