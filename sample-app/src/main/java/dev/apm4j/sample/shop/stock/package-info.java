/**
 * How many pieces of a product are on the shelf. A scheduled job fills up what runs low.
 */
@NullMarked
package dev.apm4j.sample.shop.stock;

import org.jspecify.annotations.NullMarked;
