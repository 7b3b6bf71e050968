/**
 * How an order was paid. Bank transfers are asked for at the bank, whose interface is out
 * of order.
 */
@NullMarked
package dev.apm4j.sample.shop.payment;

import org.jspecify.annotations.NullMarked;
