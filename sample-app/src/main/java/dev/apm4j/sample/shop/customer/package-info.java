/**
 * Customers and what they bought. The names of the products are read with a query for
 * each of them, the mistake known as N+1.
 */
@NullMarked
package dev.apm4j.sample.shop.customer;

import org.jspecify.annotations.NullMarked;
