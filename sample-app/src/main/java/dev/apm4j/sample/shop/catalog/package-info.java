/**
 * The products: listed, searched, exported as CSV. An import runner adds the supplier's
 * price list when the application starts.
 */
@NullMarked
package dev.apm4j.sample.shop.catalog;

import org.jspecify.annotations.NullMarked;
