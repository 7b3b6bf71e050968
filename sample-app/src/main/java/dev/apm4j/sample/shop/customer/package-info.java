/**
 * Customers and what they bought. The list of orders is read with a query for each order
 * and each item, the mistake known as N+1.
 */
@NullMarked
package dev.apm4j.sample.shop.customer;

import org.jspecify.annotations.NullMarked;
